import { announce } from './announce.js';
import { byId, h, setText } from './dom.js';
import { plural, span } from './format.js';
import { LaneText } from './lane.js';

const KEPT = 3;
const STORE = 'sedd-own-jobs';

/** After so long a job that this worker has not seen is somebody else's. */
const UNSEEN = 15000;

/** The jobs that were sent from this page: each from its sending to its last word. */
export class OwnJobs {
  #jobs = [];

  constructor() {
    for (const { id, at } of JSON.parse(sessionStorage.getItem(STORE) ?? '[]').reverse()) {
      this.#add(id, at);
    }
  }

  has(id) {
    return this.#jobs.some((job) => job.id === id);
  }

  sent(id) {
    this.#add(id, Date.now());
    sessionStorage.setItem(STORE, JSON.stringify(this.#jobs.map(({ id, at }) => ({ id, at }))));
  }

  #add(id, at) {
    const status = h('span', { class: 'status' }, 'Sent to Kafka');
    const texts = h('div', { class: 'texts' });
    const element = h('article', { class: 'own', 'aria-label': `Your job ${id}` }, h('header', {}, status, h('span', { class: 'id' }, id)), texts);
    byId('own').prepend(element);
    this.#jobs.unshift({ id, at, element, status, texts, lanes: new Map(), seen: false, ended: null });
    for (const old of this.#jobs.splice(KEPT)) {
      old.element.remove();
    }
  }

  draw(state) {
    for (const job of this.#jobs) {
      if (!job.ended) {
        this.#draw(job, state);
      }
    }
  }

  #draw(job, state) {
    const ended = state.ended.find((one) => one.job === job.id);
    if (ended) {
      this.#end(job, ended);
      return;
    }
    const lanes = state.lanesOf(job.id);
    const place = state.waiting.findIndex((one) => one.job === job.id);
    if (lanes.length > 0) {
      job.seen = true;
      lanes.forEach((lane) => this.#lane(job, lane));
      const open = lanes.reduce((sum, lane) => sum + lane.open, 0);
      this.#say(job, 'running', `Denoising: step ${Math.max(...lanes.map((lane) => lane.step))} of ${lanes[0].steps}, ${plural(open, 'position')} masked`);
    } else if (place >= 0) {
      job.seen = true;
      this.#say(job, 'waiting', place === 0 ? 'Waiting, next in line' : `Waiting, ${plural(place, 'job')} before it`);
    } else if (!job.seen && Date.now() - job.at > UNSEEN) {
      this.#say(job, 'waiting', state.sizes.waiting > 0 ? 'Waiting in Kafka' : 'Not seen by this worker: another one of its group may have it');
    }
  }

  #lane(job, lane) {
    let text = job.lanes.get(lane.s);
    if (text) {
      text.draw(lane);
    } else {
      text = new LaneText(lane, true);
      job.lanes.set(lane.s, text);
      job.texts.append(text.element);
    }
  }

  #end(job, ended) {
    job.ended = ended;
    ended.texts.forEach((text, sample) => {
      const shown = job.lanes.get(sample);
      if (shown) {
        shown.finish(text);
      } else {
        job.texts.append(h('p', { class: 'text' }, h('span', { class: 'filled' }, text)));
      }
    });
    const by = ended.checkpoint ? `, by ${ended.checkpoint}` : '';
    const took = `${ended.steps} steps in ${span(ended.denoiseMillis)}${by}`;
    const said = ended.outcome === 'completed' ? `Completed: ${took}` : `${ended.outcome[0].toUpperCase()}${ended.outcome.slice(1)}`;
    this.#say(job, ended.outcome, said);
    if (ended.message) {
      job.texts.append(h('p', { class: 'alert' }, `${ended.path.replace(/^\$\.?/, '')} ${ended.message}`.trim()));
    }
    announce(ended.outcome === 'completed' ? `Your text is finished: ${ended.texts[0] ?? ''}` : `Your job ${ended.outcome}: ${ended.message ?? ''}`);
  }

  #say(job, kind, text) {
    job.element.dataset.state = kind;
    setText(job.status, text);
  }
}
