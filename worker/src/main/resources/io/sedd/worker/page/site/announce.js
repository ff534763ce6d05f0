import { byId } from './dom.js';

/** At least so long between two sentences: a listener must be able to follow. */
const PAUSE = 4000;

let waiting = [];
let busy = false;

/** Says something to who listens instead of looking; what comes too fast is said together. */
export function announce(sentence) {
  waiting.push(sentence);
  if (!busy) {
    speak();
  }
}

function speak() {
  busy = waiting.length > 0;
  if (busy) {
    byId('announcer').textContent = waiting.slice(-3).join('. ');
    waiting = [];
    setTimeout(speak, PAUSE);
  }
}
