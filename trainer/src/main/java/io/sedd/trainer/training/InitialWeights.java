package io.sedd.trainer.training;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.network.Initialization;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.Parameters;
import io.sedd.diffusion.network.WeightFile;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.Safetensors;
import io.sedd.trainer.evaluation.CheckpointFolder;
import io.sedd.trainer.optimizer.OptimizerState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a new run's weights are before its first step: drawn by the official recipe, or those of a
 * checkpoint, without the moments of the run that made it.
 */
sealed interface InitialWeights {

  /** Drawn from the seed. */
  record Drawn(long seed) implements InitialWeights {}

  /** Published by another run, or by somebody else. */
  record Published(Checkpoint checkpoint) implements InitialWeights {}

  /**
   * What a configuration asks for.
   *
   * @throws CheckpointException if the folder's checkpoint is damaged
   */
  static InitialWeights of(TrainingConfiguration configuration) throws IOException {
    Optional<Path> folder = configuration.model().initialWeights();
    if (folder.isEmpty()) {
      return new Drawn(configuration.seed());
    }
    Checkpoint checkpoint = CheckpointFolder.open(folder.get());
    checkpoint.verify();
    return new Published(checkpoint);
  }

  /** The checkpoint that they are of, where there is one. */
  default Optional<Checkpoint> origin() {
    return this instanceof Published published
        ? Optional.of(published.checkpoint())
        : Optional.empty();
  }

  /**
   * Fills the raw weights and the moving average.
   *
   * @throws CheckpointException if the checkpoint's network has another shape
   */
  default void write(OptimizerState state, NetworkShape shape, Backend backend) throws IOException {
    switch (this) {
      case Drawn drawn -> Initialization.official(state.parameters(), drawn.seed(), backend);
      case Published published -> copy(published.checkpoint(), state, shape, backend);
    }
    state.startAverage(backend);
  }

  private static void copy(
      Checkpoint checkpoint, OptimizerState state, NetworkShape shape, Backend backend)
      throws IOException {
    NetworkShape kept = NetworkShape.of(checkpoint.config());
    // rotary positions have no weights: any length will do
    if (!kept.withLength(shape.length()).equals(shape)) {
      throw new CheckpointException(
          "%s has a network of %s, the configuration asks for %s; give model the shape of the initial weights"
              .formatted(checkpoint.folder(), kept, shape));
    }
    try (Safetensors file = Safetensors.open(checkpoint.weights());
        Parameters weights = WeightFile.read(file, shape, backend)) {
      backend.copy(weights.flat(), state.parameters().flat());
    }
  }
}
