const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

export const integer = (n) => whole.format(n ?? 0);

/** As many digits as say something. */
export const rate = (n) => (n >= 100 ? whole.format(n) : tenth.format(n ?? 0));

export const compact = (n) => (n >= 100000 ? short.format(n) : whole.format(n ?? 0));

export const time = (t) => clock.format(new Date(t));

/** A span of milliseconds for a person: 40 ms, 3.2 s, 4 min, 2 h. */
export function span(ms) {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60000) return `${tenth.format(ms / 1000)} s`;
  if (ms < 3600000) return `${Math.round(ms / 60000)} min`;
  return ms < 172800000 ? `${Math.round(ms / 3600000)} h` : `${Math.round(ms / 86400000)} days`;
}

/** A span in which a second is the least that matters. */
export const age = (ms) => (ms < 1000 ? 'now' : span(Math.floor(ms / 1000) * 1000));

export const plural = (n, one, many = `${one}s`) => `${integer(n)} ${n === 1 ? one : many}`;
