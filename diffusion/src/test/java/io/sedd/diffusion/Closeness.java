package io.sedd.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.function.DoubleUnaryOperator;

/** Comparisons of arrays of numbers, in the measures that the golden numbers' README uses. */
public final class Closeness {

  private Closeness() {}

  /** |actual - expected| is at most the limit. */
  public static void assertAbsolute(String what, double[] expected, double[] actual, double limit) {
    assertClose(what, expected, actual, _ -> limit);
  }

  /** |actual - expected| is at most limit · |expected|. */
  public static void assertRelative(String what, double[] expected, double[] actual, double limit) {
    assertClose(what, expected, actual, e -> limit * Math.abs(e));
  }

  /** |actual - expected| is at most limit · |expected| + rounding. */
  public static void assertRelativeBeyond(
      String what, double[] expected, double[] actual, double limit, double rounding) {
    assertClose(what, expected, actual, e -> limit * Math.abs(e) + rounding);
  }

  /** |actual - expected| is at most limit · max(1, |expected|). */
  public static void assertRelativeFromOne(
      String what, double[] expected, double[] actual, double limit) {
    assertClose(what, expected, actual, e -> limit * Math.max(1, Math.abs(e)));
  }

  /** |actual - expected| is at most limit · max(1, the largest |expected| of all). */
  public static void assertOverLargest(
      String what, double[] expected, double[] actual, double limit) {
    double largest = 1;
    for (double e : expected) {
      largest = Math.max(largest, Math.abs(e));
    }
    double allowed = limit * largest;
    assertClose(what, expected, actual, _ -> allowed);
  }

  private static void assertClose(
      String what, double[] expected, double[] actual, DoubleUnaryOperator allowed) {
    assertEquals(expected.length, actual.length, what + ": number of elements");
    for (int i = 0; i < expected.length; i++) {
      double distance = Math.abs(expected[i] - actual[i]);
      if (!(distance <= allowed.applyAsDouble(expected[i]))) {
        fail(
            "%s[%d]: expected %s, was %s: %.3g apart, allowed %.3g"
                .formatted(
                    what, i, expected[i], actual[i], distance, allowed.applyAsDouble(expected[i])));
      }
    }
  }
}
