import { byId, h, setText } from './dom.js';
import { age, integer, span } from './format.js';

const ROWS = 12;

function table(caption, heads, rows) {
  return h(
    'table',
    {},
    h('caption', { class: 'out' }, caption),
    h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
    h('tbody', {}, ...rows),
  );
}

const cell = (text, kind = '') => h('td', { class: kind }, text);

/** The first of the waiting jobs; the others are a number. */
export function drawWaiting({ waiting, sizes, about, now }) {
  const more = (sizes.waiting ?? 0) - waiting.length;
  setText(byId('waiting-more'), more > 0 ? `and ${integer(more)} more` : '');
  byId('waiting').replaceChildren(
    waiting.length === 0
      ? h('p', { class: 'empty' }, 'Nothing waits.')
      : table(
          'The next jobs to run',
          [about.texts ? 'Job' : 'Kind', 'Texts', 'Steps', 'Priority', 'Waits'],
          waiting.map((job) =>
            h(
              'tr',
              {},
              cell(job.job ?? job.kind, 'id'),
              cell(integer(job.samples), 'n'),
              cell(integer(job.steps), 'n'),
              cell(job.priority, 'n'),
              cell(age(now - job.since), 'n'),
            ),
          ),
        ),
  );
}

/** The last jobs that ended, the newest first. */
export function drawEnded({ ended, about }) {
  const rows = ended.slice(-ROWS).reverse();
  byId('ended').replaceChildren(
    rows.length === 0
      ? h('p', { class: 'empty' }, 'No job has ended yet.')
      : table(
          'The last jobs that ended',
          [about.texts ? 'Job' : 'Outcome', 'Waited', 'Took', 'Checkpoint'],
          rows.map((job) =>
            h(
              'tr',
              { class: job.outcome },
              h('td', { class: 'id' }, h('i', { class: 'dot', 'aria-hidden': 'true' }), h('span', { class: 'out' }, `${job.outcome}: `), job.job ?? job.outcome),
              cell(span(job.queueMillis), 'n'),
              cell(span(job.denoiseMillis), 'n'),
              cell(job.checkpoint ?? (job.code ?? '').replaceAll('_', ' '), 'id'),
            ),
          ),
        ),
  );
}
