const BLANK = /\{(\d+)\}/g;

/** A template as a person writes it, {40} for 40 blanks, to the segments of a job. */
export function segmentsOf(written) {
  const segments = [];
  let end = 0;
  for (const match of written.matchAll(BLANK)) {
    if (match.index > end) {
      segments.push({ text: written.slice(end, match.index) });
    }
    segments.push({ blank: Number(match[1]) });
    end = match.index + match[0].length;
  }
  if (end < written.length) {
    segments.push({ text: written.slice(end) });
  }
  return segments;
}

export const EXAMPLES = {
  'A beginning': 'Once upon a time, there was a little dog named Max.{60}',
  'Both ends': 'One day, a little girl named Lily{48} They were very happy.',
  'Blanks inside': 'The dog was very{2}. He ran to the{2} and saw a big{3}. "Let\'s play!" said{8}',
  'From nothing': '{96}',
};
