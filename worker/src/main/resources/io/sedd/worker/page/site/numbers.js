import { byId, h, setText } from './dom.js';
import { compact, integer, rate } from './format.js';
import { Sparkline } from './sparkline.js';

const PHASES = { forward: 'network', head: 'head', draw: 'draw', host: 'host' };
const COUNTS = ['waiting', 'running', 'completed', 'failed', 'expired', 'cancelled'];

/** The numbers at the top. */
export class Numbers {
  #values = {};
  #curves = {};
  #phases = {};

  constructor() {
    for (const name of ['tokens', 'jobs', 'fill', 'step']) {
      this.#values[name] = byId(`tile-${name}`).querySelector('.value');
      const home = byId(`tile-${name}`).querySelector('.spark');
      if (home) {
        this.#curves[name] = new Sparkline(home);
      }
    }
    const bar = h('div', { class: 'bar', 'aria-hidden': 'true' });
    const legend = h('ul', { class: 'legend' });
    for (const [phase, label] of Object.entries(PHASES)) {
      const part = h('i', { class: phase });
      const value = h('b', {}, '0');
      legend.append(h('li', {}, h('i', { class: phase, 'aria-hidden': 'true' }), ` ${label} `, value));
      bar.append(part);
      this.#phases[phase] = { part, value };
    }
    byId('tile-step').querySelector('.phases').append(bar, legend);
  }

  drawSizes({ sizes, about }) {
    for (const name of COUNTS) {
      setText(byId(`count-${name}`), compact(sizes[name]));
    }
    byId('count-failed').classList.toggle('bad', sizes.failed > 0);
    setText(this.#values.fill, `${integer(sizes.rows)}`);
    this.#values.fill.dataset.of = `of ${integer(about.maxRows)} rows`;
  }

  drawRates({ rates }) {
    const newest = rates.at(-1);
    if (!newest) {
      return;
    }
    setText(this.#values.tokens, rate(newest.tokens));
    setText(this.#values.jobs, rate(newest.jobs));
    this.#curves.tokens.draw(rates.map((r) => r.tokens), 1);
    this.#curves.jobs.draw(rates.map((r) => r.jobs), 0.1);
    this.#curves.fill.draw(rates.map((r) => r.fill), 1);
    // an idle second has no step: the last that had one stands
    const step = rates.findLast((r) => r.steps > 0)?.phases;
    if (step) {
      const total = Object.values(step).reduce((a, b) => a + b, 0);
      setText(this.#values.step, rate(total));
      this.#values.step.dataset.of = 'ms';
      for (const [phase, { part, value }] of Object.entries(this.#phases)) {
        part.style.flexGrow = String(step[phase] / Math.max(total, 1e-9));
        setText(value, rate(step[phase]));
      }
    }
  }
}
