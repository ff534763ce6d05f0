package io.sedd.worker.canary;

/** Number, mean and variance of numbers that come one by one (Welford). */
final class Moments {

  private long count;
  private double mean;
  private double squares;

  void add(double value) {
    count++;
    double off = value - mean;
    mean += off / count;
    squares += off * (value - mean);
  }

  long count() {
    return count;
  }

  double mean() {
    return mean;
  }

  /** Squared standard error of the mean. */
  double meanVariance() {
    return squares / (count - 1) / count;
  }
}
