package io.sedd.trainer.objective;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.process.Graph;

/** An objective that looks at each noisy sequence once, and at nothing beside it. */
abstract sealed class NoisyObjective implements Objective
    permits DenoisingScoreEntropy, ConcreteScoreMatching, MeanMatching {

  final Graph graph;
  final Backend backend;

  NoisyObjective(Graph graph, Backend backend) {
    this.graph = graph;
    this.backend = backend;
  }

  @Override
  public final Question ask(NoisyBatch batch, int step, int first) {
    return new Question(
        batch.input(),
        batch.sequences(),
        (model, logits, share, gradient) -> evaluate(model, logits, batch, share, gradient));
  }

  /**
   * The loss of each sequence, in nats (not divided by its length).
   *
   * @param model which gave the logits
   * @param logits of the wanted rows, [wanted rows, V]
   * @param share what the mean over a whole step multiplies each sequence's loss by: 1 over the
   *     number of its sequences
   * @param gradient receives d (share · sum of the losses) / d logits; may be the logits
   *     themselves; null where none is wanted
   */
  public abstract double[] evaluate(
      ScoreModel model, Tensor logits, NoisyBatch batch, double share, Tensor gradient);
}
