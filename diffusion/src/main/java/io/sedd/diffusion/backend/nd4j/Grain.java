package io.sedd.diffusion.backend.nd4j;

/** How much work one task is: large beside the half microsecond that handing it out costs. */
final class Grain {

  /** Numbers that a simple loop passes in about 5 µs. */
  private static final int NUMBERS = 1 << 15;

  private Grain() {}

  /** Rows of {@code columns} numbers that make one task. */
  static int rows(int columns) {
    return Math.max(1, NUMBERS / Math.max(1, columns));
  }
}
