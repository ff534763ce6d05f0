import { announce } from './announce.js';
import { drawCheckpoint } from './checkpoints.js';
import { byId, setText } from './dom.js';
import { Form } from './form.js';
import { age } from './format.js';
import { drawEnded, drawWaiting } from './jobs.js';
import { Lanes } from './lanes.js';
import { drawNotices } from './notices.js';
import { Numbers } from './numbers.js';
import { OwnJobs } from './own.js';
import { State } from './state.js';
import { listen } from './stream.js';

const state = new State();
const numbers = new Numbers();
const lanes = new Lanes();
const own = new OwnJobs();
let form;
let dirty = new Set();

function drawAbout() {
  const { about } = state;
  setText(byId('worker'), about.worker);
  setText(byId('device'), about.device);
  setText(byId('version'), `SEDD ${about.version}, Java ${about.java}`);
  document.title = `${about.worker} · SEDD`;
  byId('write').hidden = !about.submit;
  if (about.submit) {
    form ??= new Form((id) => {
      own.sent(id);
      schedule(new Set(['own']));
    });
  }
}

function drawPhase() {
  byId('phase').hidden = false;
  byId('phase').dataset.phase = state.phase;
  setText(byId('phase'), state.phase);
  byId('phase').title = `up for ${age(state.now - state.about.started)}`;
}

const DRAW = {
  about: drawAbout,
  phase: drawPhase,
  sizes: () => numbers.drawSizes(state),
  rates: () => numbers.drawRates(state),
  waiting: () => drawWaiting(state),
  ended: () => drawEnded(state),
  checkpoint: () => drawCheckpoint(state),
  notices: () => drawNotices(state),
  lanes: () => lanes.draw(state, own),
};

/** One drawing a frame, of what has changed; none while nobody sees the page. */
function schedule(parts) {
  if (dirty.size === 0 && parts.size > 0) {
    requestAnimationFrame(() => {
      const todo = dirty;
      dirty = new Set();
      for (const [part, draw] of Object.entries(DRAW)) {
        if (todo.has(part)) {
          draw();
        }
      }
      own.draw(state);
    });
  }
  parts.forEach((part) => dirty.add(part));
}

function tell(notices) {
  for (const notice of notices ?? []) {
    if (notice.kind !== 'dead-letter') {
      announce(notice.text);
    }
  }
}

let lost = false;
function linked(how) {
  byId('link').dataset.state = how;
  setText(byId('link-text'), how === 'live' ? 'Live' : 'Reconnecting');
  document.body.classList.toggle('stale', how !== 'live');
  if (lost !== (how === 'lost')) {
    lost = how === 'lost';
    announce(lost ? 'The connection is lost and tried again' : 'The connection is back');
  }
}

listen('/page/events', {
  whole(all) {
    const parts = state.whole(all);
    lanes.reset();
    schedule(parts);
  },
  change(news) {
    const parts = state.change(news);
    if (parts.has('rates')) {
      // times pass where nothing else changes
      parts.add('waiting').add('phase');
    }
    if (parts.has('sizes')) {
      parts.add('lanes').add('waiting');
    }
    schedule(parts);
    tell(news.notices);
  },
  status: linked,
});

const themes = { '': ['Auto', 'as the system'], light: ['Light', 'light'], dark: ['Dark', 'dark'] };
function showTheme() {
  const [label, says] = themes[document.documentElement.dataset.theme ?? ''];
  setText(byId('theme'), label);
  byId('theme').setAttribute('aria-label', `Colours: ${says}`);
}
byId('theme').addEventListener('click', () => {
  const names = Object.keys(themes);
  const next = names[(names.indexOf(document.documentElement.dataset.theme ?? '') + 1) % names.length];
  if (next === '') {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem('sedd-theme');
  } else {
    document.documentElement.dataset.theme = next;
    localStorage.setItem('sedd-theme', next);
  }
  showTheme();
});
showTheme();
