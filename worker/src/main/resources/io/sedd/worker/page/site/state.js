const RATES = 120;
const ENDED = 40;
const NOTICES = 40;

/** The worker as the stream tells of it. What changed is named, so that only that is drawn again. */
export class State {
  about = {};
  phase = '';
  now = 0;
  sizes = {};
  rates = [];
  waiting = [];
  checkpoint = {};
  ended = [];
  notices = [];
  lanes = new Map();
  order = [];
  total = 0;

  /** Everything, at the start and after every cut. */
  whole(all) {
    this.about = all.about;
    this.phase = all.phase;
    this.now = all.t;
    this.sizes = all.sizes;
    this.rates = all.rates;
    this.waiting = all.waiting;
    this.checkpoint = all.checkpoint;
    this.ended = all.ended;
    this.notices = all.notices;
    this.lanes = new Map();
    this.order = [];
    this.#lanes(all.lanes);
    return new Set(['about', 'phase', 'sizes', 'rates', 'waiting', 'checkpoint', 'ended', 'notices', 'lanes']);
  }

  /** What is news; gives the names of the parts that are. */
  change(news) {
    const parts = new Set();
    this.now = news.t;
    for (const part of ['phase', 'sizes', 'waiting', 'checkpoint']) {
      if (part in news) {
        this[part] = news[part];
        parts.add(part);
      }
    }
    if (news.rate && news.rate.n > (this.rates.at(-1)?.n ?? 0)) {
      this.rates = [...this.rates, news.rate].slice(-RATES);
      parts.add('rates');
    }
    if (news.ended) {
      this.ended = [...this.ended, ...news.ended].slice(-ENDED);
      parts.add('ended');
    }
    if (news.notices) {
      this.notices = [...this.notices, ...news.notices].slice(-NOTICES);
      parts.add('notices');
    }
    if (news.lanes) {
      this.#lanes(news.lanes);
      parts.add('lanes');
    }
    return parts;
  }

  #lanes({ order, add, set, total }) {
    for (const lane of add ?? []) {
      this.lanes.set(lane.k, lane);
    }
    for (const { k, step, open, d } of set ?? []) {
      const lane = this.lanes.get(k);
      lane.step = step;
      lane.open = open;
      for (let i = 0; i < (d?.length ?? 0); i += 2) {
        lane.p[d[i]] = d[i + 1];
      }
    }
    if (order) {
      this.order = order;
      const present = new Set(order);
      for (const k of this.lanes.keys()) {
        if (!present.has(k)) {
          this.lanes.delete(k);
        }
      }
    }
    this.total = total ?? this.total;
  }

  /** Lanes of a job, in the order of its samples. */
  lanesOf(job) {
    return this.order.map((k) => this.lanes.get(k)).filter((lane) => lane.job === job);
  }
}
