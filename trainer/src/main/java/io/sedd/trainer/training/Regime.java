package io.sedd.trainer.training;

import io.sedd.diffusion.backend.Dropout;
import io.sedd.diffusion.network.TrainingMode;

/**
 * What the passes of a whole run have in common.
 *
 * @param dropout share of the numbers that are dropped
 * @param recompute whether blocks are computed again on the way back, to save memory
 * @param seed of what is dropped
 */
public record Regime(double dropout, boolean recompute, long seed) {

  /** No dropout, everything kept. */
  public static final Regime PLAIN = new Regime(0, false, 0);

  /**
   * For some of a step's sequences.
   *
   * @param step which step, from 0
   * @param first number of the first of these sequences within the step
   */
  TrainingMode at(int step, int first) {
    return new TrainingMode(new Dropout(dropout, seed, step, first), recompute);
  }
}
