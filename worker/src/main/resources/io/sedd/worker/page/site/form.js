import { byId, h, setText } from './dom.js';
import { plural } from './format.js';
import { EXAMPLES, segmentsOf } from './template.js';

/** Which field an error's path speaks of. */
const FIELDS = { template: 'template', samples: 'samples', steps: 'steps', predictor: 'predictor', temperature: 'temperature', seed: 'seed' };

/** The form that sends a job through the worker to Kafka. */
export class Form {
  #sent;

  /** @param sent told of every job that the broker has: its id and its segments */
  constructor(sent) {
    this.#sent = sent;
    const template = byId('template');
    template.value = Object.values(EXAMPLES)[0];
    template.addEventListener('input', () => this.#describe());
    template.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        byId('form').requestSubmit();
      }
    });
    for (const [name, text] of Object.entries(EXAMPLES)) {
      const button = h('button', { type: 'button', class: 'quiet' }, name);
      button.addEventListener('click', () => {
        template.value = text;
        this.#describe();
        template.focus();
      });
      document.querySelector('.examples').append(button);
    }
    byId('form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#describe();
  }

  #describe() {
    const segments = segmentsOf(byId('template').value);
    const blanks = segments.reduce((sum, segment) => sum + (segment.blank ?? 0), 0);
    const given = segments.filter((segment) => 'text' in segment).length;
    const text = blanks === 0 ? 'Nothing is to be filled in: write {40} somewhere.' : `${plural(blanks, 'token')} to be filled in, ${given === 0 ? 'nothing given' : `${plural(given, 'piece')} of text given`}.`;
    setText(byId('template-parts'), text);
  }

  #job() {
    const job = { template: segmentsOf(byId('template').value), predictor: byId('predictor').value };
    for (const name of ['samples', 'steps', 'temperature']) {
      if (byId(name).value.trim() !== '') {
        job[name] = Number(byId(name).value);
      }
    }
    return job;
  }

  /** A seed has 64 bits and a number of JavaScript 53: it goes into the JSON as it is written. */
  #json() {
    const job = JSON.stringify(this.#job());
    const seed = byId('seed').value.trim();
    if (seed === '') {
      return job;
    }
    return `${job.slice(0, -1)},"seed":${/^-?\d+$/.test(seed) ? seed.replace(/^(-?)0+(?=\d)/, '$1') : JSON.stringify(seed)}}`;
  }

  async #send() {
    this.#complain([]);
    byId('send').disabled = true;
    try {
      const answer = await fetch('/page/jobs', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: this.#json() });
      const said = await answer.json();
      if (answer.status === 202) {
        this.#sent(said.id, segmentsOf(byId('template').value));
      } else {
        this.#complain(said.errors ?? [{ path: '$', message: said.error }]);
      }
    } catch {
      this.#complain([{ path: '$', message: 'The worker does not answer. Is it running?' }]);
    } finally {
      byId('send').disabled = false;
    }
  }

  #complain(errors) {
    for (const id of Object.values(FIELDS)) {
      byId(id).removeAttribute('aria-invalid');
    }
    byId('wrong').replaceChildren(...errors.map(({ path, message }) => h('span', {}, path === '$' ? message : `${path.slice(2)}: ${message}`)));
    const first = errors.map(({ path }) => FIELDS[/^\$\.(\w+)/.exec(path)?.[1]]).filter(Boolean);
    first.forEach((id) => byId(id).setAttribute('aria-invalid', 'true'));
    if (first.length > 0) {
      byId(first[0]).focus();
    }
  }
}
