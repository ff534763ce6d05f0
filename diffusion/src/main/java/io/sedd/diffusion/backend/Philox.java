package io.sedd.diffusion.backend;

/**
 * Philox 4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3" (SC 2011). A number is a pure function of its key and counter, so it
 * is the same on every backend and in every batch.
 *
 * <p>Key: the 64-bit seed. Counter words 0 to 3: position, step, sample, stream.
 */
public final class Philox {

  /** Stream of the draws of a denoising step. */
  public static final int DRAW = 0;

  /** Stream of the first noisy sequence. */
  public static final int PRIOR = 1;

  /** First stream that training may use; those above are its as well. */
  public static final int TRAINING = 2;

  /** Streams with this bit are those of dropout. */
  public static final int DROPOUT = 1 << 30;

  private static final int ROUNDS = 10;
  // the constants of the paper: two multipliers, and the Weyl steps of the key (golden ratio, root
  // of 3)
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int KEY_STEP_0 = 0x9E3779B9;
  private static final int KEY_STEP_1 = 0xBB67AE85;
  private static final long LOW_WORD = 0xFFFFFFFFL;

  private Philox() {}

  /**
   * The four 32-bit words of a counter.
   *
   * @param seed the key; its low half is key word 0
   */
  public static int[] words(long seed, int word0, int word1, int word2, int word3) {
    int c0 = word0;
    int c1 = word1;
    int c2 = word2;
    int c3 = word3;
    int k0 = (int) seed;
    int k1 = (int) (seed >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = MULTIPLIER_0 * (c0 & LOW_WORD);
      long product1 = MULTIPLIER_1 * (c2 & LOW_WORD);
      c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
      c1 = (int) product1;
      c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
      c3 = (int) product0;
      k0 += KEY_STEP_0;
      k1 += KEY_STEP_1;
    }
    return new int[] {c0, c1, c2, c3};
  }

  /**
   * A multiple of 2^-53 in [0, 1): the upper 53 bits of word 0 · 2^32 + word 1.
   *
   * @param stream {@link #DRAW}, {@link #PRIOR}, or {@link #TRAINING} and above
   */
  public static double uniform53(long seed, int sample, int step, int position, int stream) {
    int[] words = words(seed, position, step, sample, stream);
    long bits = ((long) words[0] << 32) | (words[1] & LOW_WORD);
    return (bits >>> 11) * 0x1p-53;
  }
}
