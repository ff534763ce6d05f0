package io.sedd.launcher.bench;

/**
 * Optimizer steps: noise, forward, loss, backward, update, moving average.
 *
 * @param shape name
 * @param type in what the products multiply
 * @param batch sequences of a step
 * @param tokens of all of them
 * @param seconds of a step, median
 * @param gflops rate of its products, median
 * @param ceiling of the type, GFLOP/s
 */
record TrainingRate(
    String shape,
    NumberType type,
    int batch,
    int tokens,
    double seconds,
    double gflops,
    double ceiling) {

  double tokensPerSecond() {
    return tokens / seconds;
  }

  double share() {
    return gflops / ceiling;
  }
}
