package io.sedd.diffusion.backend;

/**
 * Dropout of a training step (Srivastava et al., JMLR 15, 2014): each number is 0 with probability
 * {@code rate}, and divided by 1 - rate otherwise. Which are, is a pure function of (seed, step,
 * sequence, position, site, column), so that the backward pass, a recomputed forward pass and a
 * resumed run drop the same ones, on every backend and in every batch.
 *
 * @param rate a multiple of 2^-16 is taken, the nearest; at least 0 and below 1
 * @param seed the run's
 * @param step which step, from 0
 * @param first number within the step of the batch's first sequence
 */
public record Dropout(double rate, long seed, int step, int first) {

  /** Drops nothing. */
  public static final Dropout NONE = new Dropout(0, 0, 0, 0);

  private static final int PARTS = 1 << 16;
  private static final int NUMBERS_A_COUNTER = 8;

  public Dropout {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("dropout " + rate + " must lie in [0, 1)");
    }
  }

  /** Whether anything is dropped. */
  public boolean isOn() {
    return threshold() > 0;
  }

  /** Of 2^16 equally likely 16-bit numbers, those below this one drop. */
  public int threshold() {
    return Math.min(PARTS - 1, (int) Math.round(rate * PARTS));
  }

  /** What a number that is not dropped is multiplied by. */
  public float kept() {
    return (float) (PARTS / (double) (PARTS - threshold()));
  }

  /**
   * What each number of a row is multiplied by: 0, or 1 / (1 - rate).
   *
   * @param site which of the network's places
   * @param sequence within the batch
   * @param position within the sequence
   * @param factors receives one a column
   */
  public void factors(int site, int sequence, int position, float[] factors) {
    int threshold = threshold();
    float kept = kept();
    for (int from = 0; from < factors.length; from += NUMBERS_A_COUNTER) {
      // 2^12 sites, 2^18 groups of columns: far beyond any network
      int stream = Philox.DROPOUT | site << 18 | from / NUMBERS_A_COUNTER;
      int[] words = Philox.words(seed, position, step, first + sequence, stream);
      int count = Math.min(NUMBERS_A_COUNTER, factors.length - from);
      for (int i = 0; i < count; i++) {
        int bits = (words[i >> 1] >>> (i & 1) * 16) & 0xFFFF;
        factors[from + i] = bits < threshold ? 0 : kept;
      }
    }
  }
}
