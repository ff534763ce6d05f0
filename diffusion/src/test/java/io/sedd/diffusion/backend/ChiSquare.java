package io.sedd.diffusion.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Pearson's test of counts against exact probabilities. */
public final class ChiSquare {

  /** Quantile of the normal distribution for a false alarm once in a million. */
  private static final double Z = 4.7534;

  /** Cells that expect fewer are put together. */
  private static final double FEWEST = 8;

  private ChiSquare() {}

  /**
   * Fails on a difference that chance gives once in a million; cells of probability 0 must be 0.
   */
  public static void assertFits(String what, long[] counts, double[] probabilities) {
    double draws = 0;
    for (long count : counts) {
      draws += count;
    }
    double statistic = 0;
    int cells = 0;
    double restCount = 0;
    double restExpected = 0;
    for (int i = 0; i < counts.length; i++) {
      double expected = draws * probabilities[i];
      if (probabilities[i] == 0) {
        assertEquals(0, counts[i], what + ": state " + i + " has no probability");
      } else if (expected < FEWEST) {
        restCount += counts[i];
        restExpected += expected;
      } else {
        statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
        cells++;
      }
    }
    if (restExpected >= FEWEST) {
      statistic += (restCount - restExpected) * (restCount - restExpected) / restExpected;
      cells++;
    }
    assertTrue(cells >= 2, what + ": " + cells + " cells leave nothing to compare");
    double limit = quantile(cells - 1);
    assertTrue(
        statistic <= limit,
        "%s: chi-square %.1f over %.1f with %d cells".formatted(what, statistic, limit, cells));
  }

  /**
   * Wilson and Hilferty's approximation of the quantile. Too large at few degrees of freedom (30.3
   * in the place of 27.6 at 2), so that the false alarm is no more frequent than said.
   */
  private static double quantile(int freedom) {
    double spread = 2.0 / (9 * freedom);
    double root = 1 - spread + Z * Math.sqrt(spread);
    return freedom * root * root * root;
  }
}
