import { byId, h } from './dom.js';
import { plural, time } from './format.js';

/** What serves, what is the matter with the latest, and what served before. */
export function drawCheckpoint({ checkpoint }) {
  const { serving, pinned, rolledBackFrom, refused, candidate, history = [] } = checkpoint;
  const home = byId('checkpoint-body');
  if (!serving) {
    home.replaceChildren(h('p', { class: refused ? 'alert' : 'empty' }, refused ?? 'None is served yet.'));
    return;
  }
  const since = history.find((one) => one.name === serving)?.since;
  const parts = [h('p', { class: 'serving' }, serving)];
  const facts = [since ? `since ${time(since)}` : '', pinned ? 'pinned' : '', rolledBackFrom ? `rolled back from ${rolledBackFrom}` : ''];
  parts.push(h('p', { class: 'aside' }, facts.filter(Boolean).join(', ')));
  if (candidate) {
    parts.push(h('p', {}, `${candidate.name} is on trial: ${plural(candidate.jobs, 'job')}, ${candidate.beside} beside.`));
  }
  if (refused) {
    parts.push(h('p', { class: 'alert' }, refused));
  }
  if (history.length > 1) {
    parts.push(
      h('h3', {}, 'Before'),
      h('ol', { class: 'history' }, ...history.slice(1).map((one) => h('li', {}, h('span', {}, one.name), h('time', {}, time(one.since))))),
    );
  }
  home.replaceChildren(...parts);
}
