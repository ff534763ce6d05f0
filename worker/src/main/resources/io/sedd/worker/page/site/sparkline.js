const NS = 'http://www.w3.org/2000/svg';
const WIDTH = 120;
const HEIGHT = 32;

/** A small curve of the last two minutes; the number beside it says the same to who cannot see it. */
export class Sparkline {
  #line = document.createElementNS(NS, 'path');
  #area = document.createElementNS(NS, 'path');

  constructor(home) {
    const svg = document.createElementNS(NS, 'svg');
    svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.setAttribute('aria-hidden', 'true');
    this.#area.setAttribute('class', 'area');
    this.#line.setAttribute('class', 'line');
    svg.append(this.#area, this.#line);
    home.append(svg);
  }

  /** Values of one a second, the newest last; full height is the greatest, or {@code least}. */
  draw(values, least) {
    if (values.length < 2) {
      return;
    }
    const top = Math.max(least, ...values);
    const points = values.map((value, i) => {
      const x = WIDTH - (values.length - 1 - i);
      const y = HEIGHT - 1.5 - (value / top) * (HEIGHT - 4);
      return `${x} ${y.toFixed(1)}`;
    });
    const line = `M${points.join('L')}`;
    this.#line.setAttribute('d', line);
    this.#area.setAttribute('d', `${line}V${HEIGHT}H${WIDTH - values.length + 1}Z`);
  }
}
