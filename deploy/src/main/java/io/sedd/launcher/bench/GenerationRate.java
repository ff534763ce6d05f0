package io.sedd.launcher.bench;

/**
 * Whole runs from noise to text.
 *
 * @param type in what the products multiply
 * @param steps of the predictor
 * @param batch sequences at once
 * @param tokens of all of them
 * @param seconds of the whole batch: median of the runs, or the expected ones
 * @param extrapolated whether they are summed up from steps instead of run
 * @param expectedSeconds summed up from steps at several shares of open positions
 */
record GenerationRate(
    NumberType type,
    int steps,
    int batch,
    int tokens,
    double seconds,
    boolean extrapolated,
    double expectedSeconds) {

  /** Finished tokens a second. */
  double tokensPerSecond() {
    return tokens / seconds;
  }

  double expectedTokensPerSecond() {
    return tokens / expectedSeconds;
  }
}
