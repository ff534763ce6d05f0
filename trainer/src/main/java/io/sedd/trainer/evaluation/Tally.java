package io.sedd.trainer.evaluation;

import java.util.ArrayList;
import java.util.List;

/** Sequences' losses, on the way to a mean per token and its standard error. */
final class Tally {

  private final List<double[]> lossAndLength = new ArrayList<>();
  private double loss;
  private long tokens;

  void add(double nats, int length) {
    lossAndLength.add(new double[] {nats, length});
    loss += nats;
    tokens += length;
  }

  /** Ratio estimate: mean m = sum loss / sum length, error from the residuals loss - m length. */
  BoundEstimate estimate(double priorNats) {
    double mean = loss / tokens;
    int n = lossAndLength.size();
    double squares = 0;
    for (double[] entry : lossAndLength) {
      double residual = entry[0] - mean * entry[1];
      squares += residual * residual;
    }
    double error = n < 2 ? Double.NaN : Math.sqrt(squares * n / (n - 1)) / tokens;
    return new BoundEstimate(mean, error, n, tokens, priorNats);
  }
}
