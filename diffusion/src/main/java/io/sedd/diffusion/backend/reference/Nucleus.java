package io.sedd.diffusion.backend.reference;

import java.util.Arrays;

/** Temperature and top-p (nucleus sampling, arXiv 1904.09751) on the weights of one row. */
final class Nucleus {

  private Nucleus() {}

  /** Raises the weights to the power 1/temperature, after dividing them by the largest. */
  static void temper(double[] weights, double temperature) {
    double largest = Arrays.stream(weights).max().orElseThrow();
    for (int y = 0; y < weights.length; y++) {
      weights[y] = Math.pow(weights[y] / largest, 1 / temperature);
    }
  }

  /**
   * Sets to 0 all but the fewest states, heaviest first, whose weights sum to at least topP of the
   * whole; of equal weights the lower state comes first.
   */
  static void keepTop(double[] weights, double topP) {
    double[] ascending = weights.clone();
    Arrays.sort(ascending);
    double wanted = topP * Arrays.stream(ascending).sum();
    int lightest = weights.length - 1;
    double kept = ascending[lightest];
    while (kept < wanted && lightest > 0) {
      lightest--;
      kept += ascending[lightest];
    }
    double threshold = ascending[lightest];
    int ties = 0;
    while (lightest + ties < weights.length && ascending[lightest + ties] == threshold) {
      ties++;
    }
    for (int y = 0; y < weights.length; y++) {
      if (weights[y] < threshold || (weights[y] == threshold && ties-- <= 0)) {
        weights[y] = 0;
      }
    }
  }
}
