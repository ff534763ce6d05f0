/** The worker sends something every two seconds; three times that, and the line is dead. */
const SILENCE = 6000;
const LONGEST_PAUSE = 5000;

/**
 * Listens to the worker and comes back after every cut. The browser's own retries do not notice a
 * line that is open and dead, and end at an error status; here both are tried again.
 */
export function listen(url, { whole, change, status }) {
  let source;
  let heard = Date.now();
  let pause = 500;
  let retry;

  function open() {
    clearTimeout(retry);
    source?.close();
    heard = Date.now();
    source = new EventSource(url);
    source.addEventListener('whole', (event) => {
      heard = Date.now();
      pause = 500;
      whole(JSON.parse(event.data));
      status('live');
    });
    source.addEventListener('change', (event) => {
      heard = Date.now();
      change(JSON.parse(event.data));
    });
    source.addEventListener('error', again);
  }

  function again() {
    status('lost');
    source.close();
    clearTimeout(retry);
    retry = setTimeout(open, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }

  setInterval(() => {
    if (source.readyState !== EventSource.CLOSED && Date.now() - heard > SILENCE) {
      again();
    }
  }, 1000);
  addEventListener('online', open);
  open();
}
