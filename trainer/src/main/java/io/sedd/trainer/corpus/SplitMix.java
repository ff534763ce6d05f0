package io.sedd.trainer.corpus;

/**
 * SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014):
 * spelt out here, so that a resumed training shuffles alike on every release of Java.
 */
final class SplitMix {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  /** A stream of its own for each pair of seed and number. */
  SplitMix(long seed, long number) {
    this.state = mix(seed) ^ mix(~number * GAMMA);
  }

  /** The next 64 bits. */
  long next() {
    state += GAMMA;
    return mix(state);
  }

  /**
   * A number from 0 to {@code bound - 1}: the high word of 64 bits times the bound, whose bias is
   * below bound / 2^64.
   */
  long below(long bound) {
    return Math.unsignedMultiplyHigh(next(), bound);
  }

  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
