import { byId, h } from './dom.js';
import { time } from './format.js';

const ROWS = 10;
const KINDS = { checkpoint: 'Checkpoint', refused: 'Refused', 'dead-letter': 'Dead letter', worker: 'Worker' };

/** What happened, the newest first. */
export function drawNotices({ notices }) {
  byId('notices-empty').hidden = notices.length > 0;
  byId('notices').replaceChildren(
    ...notices
      .slice(-ROWS)
      .reverse()
      .map((notice) =>
        h(
          'li',
          { class: notice.kind },
          h('i', { class: 'dot', 'aria-hidden': 'true' }),
          h('span', {}, h('span', { class: 'out' }, `${KINDS[notice.kind]}: `), notice.text),
          h('time', {}, time(notice.t)),
        ),
      ),
  );
}
