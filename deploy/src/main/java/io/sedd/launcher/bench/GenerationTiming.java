package io.sedd.launcher.bench;

/**
 * How fast lanes were denoised.
 *
 * @param steps denoising steps a lane
 * @param batch lanes at once
 * @param length tokens a lane
 * @param seconds for the whole batch, median of the runs
 */
record GenerationTiming(int steps, int batch, int length, double seconds) {

  /** Finished tokens a second. */
  double tokensPerSecond() {
    return (double) batch * length / seconds;
  }

  /** One step of the whole batch, milliseconds. */
  double stepMillis() {
    return seconds * 1000 / (steps + 1);
  }
}
