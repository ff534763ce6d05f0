package io.sedd.worker.canary;

/** Upper tails of two distributions. */
final class Tails {

  private static final double[] LANCZOS = {
    0.99999999999980993,
    676.5203681218851,
    -1259.1392167224028,
    771.32342877765313,
    -176.61502916214059,
    12.507343278686905,
    -0.13857109526572012,
    9.9843695780195716e-6,
    1.5056327351493116e-7
  };

  private Tails() {}

  /** P(T > t) of Student's distribution; half of I_x(df/2, 1/2) with x = df / (df + t²). */
  static double student(double t, double df) {
    double half = 0.5 * incompleteBeta(df / (df + t * t), df / 2, 0.5);
    return t >= 0 ? half : 1 - half;
  }

  /**
   * P(X >= hits) where {@code drawn} of {@code all} are drawn without return and {@code marked} of
   * all are marked: Fisher's exact test.
   */
  static double hypergeometric(long hits, long drawn, long marked, long all) {
    double sum = 0;
    for (long k = hits; k <= Math.min(drawn, marked); k++) {
      if (drawn - k <= all - marked) {
        sum += Math.exp(choose(marked, k) + choose(all - marked, drawn - k) - choose(all, drawn));
      }
    }
    return Math.min(1, sum);
  }

  private static double choose(long n, long k) {
    return logGamma(n + 1.0) - logGamma(k + 1.0) - logGamma(n - k + 1.0);
  }

  /** Regularized, by its continued fraction (Abramowitz and Stegun 26.5.8), by Lentz's method. */
  private static double incompleteBeta(double x, double a, double b) {
    if (x <= 0 || x >= 1) {
      return x <= 0 ? 0 : 1;
    }
    // the fraction converges fast on this side only
    if (x > (a + 1) / (a + b + 2)) {
      return 1 - incompleteBeta(1 - x, b, a);
    }
    double front =
        Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
            / a;
    double c = 1;
    double d = 1 / nonZero(1 - (a + b) * x / (a + 1));
    double fraction = d;
    for (int m = 1; m <= 500; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / nonZero(1 + even * d);
      c = nonZero(1 + even / c);
      fraction *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / nonZero(1 + odd * d);
      c = nonZero(1 + odd / c);
      double change = d * c;
      fraction *= change;
      if (Math.abs(change - 1) < 1e-14) {
        break;
      }
    }
    return front * fraction;
  }

  private static double nonZero(double value) {
    return Math.abs(value) < 1e-300 ? 1e-300 : value;
  }

  /** Lanczos' approximation, good to 15 digits; x >= 0.5. */
  private static double logGamma(double x) {
    double series = LANCZOS[0];
    for (int i = 1; i < LANCZOS.length; i++) {
      series += LANCZOS[i] / (x - 1 + i);
    }
    double base = x + 6.5;
    return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(series);
  }
}
