package io.sedd.trainer.evaluation;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Which positions of a known text are blanked. */
public enum BlankPattern {
  /** One span in the middle. */
  MIDDLE {
    @Override
    public int[] blanks(int length, double rate, long seed) {
      int count = count(length, rate);
      int from = (length - count) / 2;
      return IntStream.range(from, from + count).toArray();
    }
  },
  /** Positions anywhere, each as likely as any other. */
  RANDOM {
    @Override
    public int[] blanks(int length, double rate, long seed) {
      int[] positions = IntStream.range(0, length).toArray();
      SplittableRandom random = new SplittableRandom(seed);
      int count = count(length, rate);
      for (int i = 0; i < count; i++) {
        int j = random.nextInt(i, length);
        int swapped = positions[i];
        positions[i] = positions[j];
        positions[j] = swapped;
      }
      return IntStream.of(positions).limit(count).sorted().toArray();
    }
  };

  /**
   * The blank positions of one text, ascending; at least one.
   *
   * @param rate share of the positions, in (0, 1]
   */
  public abstract int[] blanks(int length, double rate, long seed);

  private static int count(int length, double rate) {
    if (!(rate > 0 && rate <= 1)) {
      throw new IllegalArgumentException("a rate of blanks lies in (0, 1], not " + rate);
    }
    return Math.max(1, (int) Math.round(rate * length));
  }
}
