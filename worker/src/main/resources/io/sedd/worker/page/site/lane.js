import { h, setText } from './dom.js';

/**
 * The text of one lane: what is given, what is filled in, and what is masked still. A position is
 * touched only when its piece has changed.
 */
export class LaneText {
  element;
  #lane;
  #spans = [];
  #shown = [];

  constructor(lane, texts) {
    this.#lane = lane;
    this.element = h('p', { class: texts ? 'text' : 'text cells' });
    const given = new Set();
    for (let i = 0; i < lane.given.length; i += 2) {
      for (let p = lane.given[i]; p < lane.given[i] + lane.given[i + 1]; p++) {
        given.add(p);
      }
    }
    let run = null;
    lane.p.forEach((piece, p) => {
      if (given.has(p) && texts) {
        // given text never changes: one element for the whole of it
        run ??= this.element.appendChild(h('span', { class: 'given' }));
        run.append(piece);
        return;
      }
      run = null;
      const span = h('span', { class: given.has(p) ? 'given' : 'mask', 'aria-hidden': 'true' });
      this.element.append(span);
      if (!given.has(p)) {
        this.#spans[p] = span;
        this.#shown[p] = null;
      }
    });
    this.draw(lane, false);
  }

  /** Shows the lane as it is; what is filled in since the last time is lit up for a moment. */
  draw(lane = this.#lane, lit = true) {
    this.#spans.forEach((span, p) => {
      const piece = lane.p[p];
      if (piece === this.#shown[p]) {
        return;
      }
      this.#shown[p] = piece;
      span.className = piece === null ? 'mask' : lit ? 'filled new' : 'filled';
      setText(span, piece ?? '');
      if (piece) {
        span.removeAttribute('aria-hidden');
      } else {
        span.setAttribute('aria-hidden', 'true');
      }
    });
  }

  /** The last word, when the lane has left the batch before all its pieces came. */
  finish(text) {
    const pieces = this.#spans.filter((_, p) => this.#shown[p] === null);
    if (pieces.length > 0 || this.element.textContent !== text) {
      this.element.replaceChildren(h('span', { class: 'filled' }, text));
    }
  }
}
