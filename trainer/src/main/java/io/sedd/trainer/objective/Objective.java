package io.sedd.trainer.objective;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.protocol.checkpoint.CheckpointConfig;

/** What a network is trained for. */
public sealed interface Objective permits NoisyObjective, ImplicitScoreEntropy, NextToken {

  /** Sequences that an implicit objective looks at beside each noisy one. */
  int NEIGHBOURS = 1;

  /**
   * What a network is asked about a batch, and the loss of its answer.
   *
   * @param batch clean sequences and what noise made of them
   * @param step which step, from 0
   * @param first number of the batch's first sequence within the step
   */
  Question ask(NoisyBatch batch, int step, int first);

  /** The objective of a configuration. */
  static Objective of(
      CheckpointConfig.Objective type,
      DiffusionProcess process,
      TrainingRandom random,
      Backend backend) {
    return switch (type) {
      case SCORE_ENTROPY -> new DenoisingScoreEntropy(process.graph(), backend);
      case IMPLICIT_SCORE_ENTROPY ->
          new ImplicitScoreEntropy(process.graph(), random, NEIGHBOURS, backend);
      case CONCRETE_SCORE_MATCHING -> new ConcreteScoreMatching(process.graph(), backend);
      case MEAN_PREDICTION -> new MeanMatching(process.graph(), backend);
      case AUTOREGRESSIVE -> new NextToken(process.graph().tokens(), backend);
    };
  }
}
