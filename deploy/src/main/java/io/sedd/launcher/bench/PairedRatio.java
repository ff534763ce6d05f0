package io.sedd.launcher.bench;

import java.util.Arrays;

/**
 * What one piece of work takes over another that was measured in turn with it. Each round gives one
 * ratio, so that a machine that is slower for some seconds slows both sides of it.
 *
 * @param median of the rounds
 * @param low lower end of an interval that holds the true median with 90 % or more, whatever the
 *     distribution; of fewer than 5 rounds all that was seen, which is less sure
 * @param high its upper end
 */
record PairedRatio(double median, double low, double high) {

  private static final double COVERAGE = 0.9;

  /**
   * The ratio of two series.
   *
   * @param over seconds of each round
   * @param under seconds of the other work in the same rounds
   */
  static PairedRatio of(double[] over, double[] under) {
    if (over.length != under.length || over.length == 0) {
      throw new IllegalArgumentException(
          over.length + " rounds over " + under.length + ": both sides have the same rounds");
    }
    double[] ratios = new double[over.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = over[i] / under[i];
    }
    Arrays.sort(ratios);
    int outside = outside(ratios.length);
    return new PairedRatio(
        Stopwatch.median(ratios), ratios[outside], ratios[ratios.length - 1 - outside]);
  }

  PairedRatio times(double factor) {
    return new PairedRatio(factor * median, factor * low, factor * high);
  }

  /**
   * Smallest and largest ratios that may be left out on each side: how many of the rounds lie below
   * the median follows a binomial distribution of probability 1/2.
   */
  private static int outside(int rounds) {
    double term = Math.pow(0.5, rounds);
    double tail = term;
    int outside = 0;
    while (outside < (rounds - 1) / 2) {
      term = term * (rounds - outside) / (outside + 1);
      if (2 * (tail + term) > 1 - COVERAGE) {
        break;
      }
      tail += term;
      outside++;
    }
    return outside;
  }
}
