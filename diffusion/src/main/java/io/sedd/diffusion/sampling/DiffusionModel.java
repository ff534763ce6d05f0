package io.sedd.diffusion.sampling;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;

/**
 * Scores, and the process that they belong to: all that denoising needs of a checkpoint.
 *
 * @param scores the network, or an oracle
 * @param process the noising process that the scores reverse
 */
public record DiffusionModel(ScoreModel scores, DiffusionProcess process) {

  public DiffusionModel {
    if (scores.shape().states() != process.graph().states()) {
      throw new IllegalArgumentException(
          "the scores are over "
              + scores.shape().states()
              + " states, the process has "
              + process.graph().states());
    }
  }

  /** How tokens move. */
  public Graph graph() {
    return process.graph();
  }

  /** How fast. */
  public NoiseSchedule noise() {
    return process.noise();
  }
}
