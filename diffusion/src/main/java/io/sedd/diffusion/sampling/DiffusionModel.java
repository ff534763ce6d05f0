package io.sedd.diffusion.sampling;

import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;

/**
 * Scores, and the process that they belong to: all that a checkpoint says about denoising.
 *
 * @param scores the network, or an oracle
 * @param graph the noising process that the scores reverse
 * @param noise its schedule
 */
public record DiffusionModel(ScoreModel scores, Graph graph, NoiseSchedule noise) {

  public DiffusionModel {
    if (scores.shape().states() != graph.states()) {
      throw new IllegalArgumentException(
          "the scores are over "
              + scores.shape().states()
              + " states, the process has "
              + graph.states());
    }
  }
}
