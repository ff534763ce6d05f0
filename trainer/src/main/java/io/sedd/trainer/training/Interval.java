package io.sedd.trainer.training;

/** Means over the steps since the last report. */
final class Interval {

  private int steps;
  private double loss;
  private double natsPerToken;
  private double gradientNorm;
  private double learningRate;
  private long tokens;

  void add(StepReport report) {
    steps++;
    loss += report.loss();
    natsPerToken += report.natsPerToken();
    gradientNorm += report.gradientNorm();
    learningRate = report.learningRate();
    tokens += report.tokens();
  }

  boolean isEmpty() {
    return steps == 0;
  }

  int steps() {
    return steps;
  }

  double loss() {
    return loss / steps;
  }

  double natsPerToken() {
    return natsPerToken / steps;
  }

  double gradientNorm() {
    return gradientNorm / steps;
  }

  /** Of the last step. */
  double learningRate() {
    return learningRate;
  }

  /** In all steps together. */
  long tokens() {
    return tokens;
  }
}
