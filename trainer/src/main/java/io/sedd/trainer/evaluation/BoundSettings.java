package io.sedd.trainer.evaluation;

import java.time.Duration;

/**
 * How much work the bound's estimate may take.
 *
 * @param earliest lower end of the integral over time
 * @param passes times at which each sequence is looked at
 * @param batch sequences in one network evaluation
 * @param seed of times and noise: the same seed gives the same estimate
 * @param limit after so long no further batch is begun; zero for no limit
 */
public record BoundSettings(double earliest, int passes, int batch, long seed, Duration limit) {

  public BoundSettings {
    if (passes < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "passes " + passes + " and batch " + batch + " must be at least 1");
    }
  }
}
