import { byId, h, setText } from './dom.js';
import { integer, plural } from './format.js';
import { LaneText } from './lane.js';

/** One card a lane, in the order of the batch. */
export class Lanes {
  #home = byId('lanes');
  #cards = new Map();

  /** Forgets all cards: the next drawing begins anew. */
  reset() {
    this.#cards.clear();
    this.#home.replaceChildren();
  }

  draw({ lanes, order, total, sizes, about }, own) {
    const present = new Set(order);
    for (const [k, card] of this.#cards) {
      if (!present.has(k)) {
        card.element.remove();
        this.#cards.delete(k);
      }
    }
    order.forEach((k, i) => {
      const lane = lanes.get(k);
      const card = this.#cards.get(k) ?? this.#open(k, lane, about.texts, own.has(lane.job));
      if (this.#home.children[i] !== card.element) {
        this.#home.insertBefore(card.element, this.#home.children[i] ?? null);
      }
      this.#show(card, lane);
    });
    byId('batch-empty').hidden = order.length > 0;
    const hidden = total - order.length;
    setText(byId('batch-more'), hidden > 0 ? `and ${plural(hidden, 'more lane')}` : '');
    setText(byId('batch-size'), total > 0 ? `${plural(total, 'lane')}, ${integer(sizes.masked)} masked` : '');
  }

  #open(k, lane, texts, mine) {
    const text = new LaneText(lane, texts);
    const step = h('span', { class: 'step' });
    const done = h('i');
    const name = texts ? lane.job : `lane ${k}`;
    const element = h(
      'article',
      { class: mine ? 'lane mine' : 'lane', 'aria-label': name },
      h('header', {}, h('span', { class: 'id' }, name + (lane.s > 0 ? ` #${lane.s + 1}` : '')), step),
      h('div', { class: 'progress', 'aria-hidden': 'true' }, done),
      text.element,
    );
    const blanks = lane.p.length - lane.given.filter((_, i) => i % 2 === 1).reduce((a, b) => a + b, 0);
    const card = { element, text, step, done, blanks };
    this.#cards.set(k, card);
    return card;
  }

  #show(card, lane) {
    setText(card.step, `step ${lane.step} of ${lane.steps}, ${lane.open} masked`);
    card.done.style.width = `${(100 * (card.blanks - lane.open)) / Math.max(1, card.blanks)}%`;
    card.text.draw(lane);
  }
}
