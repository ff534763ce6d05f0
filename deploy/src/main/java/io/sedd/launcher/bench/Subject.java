package io.sedd.launcher.bench;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.network.Initialization;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ParameterLayout;
import io.sedd.diffusion.network.Parameters;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.diffusion.network.WeightFile;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.Safetensors;
import java.io.IOException;

/**
 * What is measured.
 *
 * @param name of the checkpoint or the shape
 * @param shape of its network
 * @param process graph and noise
 * @param weights where its weights come from
 */
record Subject(String name, NetworkShape shape, DiffusionProcess process, Weights weights) {

  /** Weights in a backend's memory, owned by the caller. */
  @FunctionalInterface
  interface Weights {
    Parameters load(Backend backend) throws IOException;
  }

  /** A checkpoint; its tokenizer is not needed. */
  static Subject of(Checkpoint checkpoint) {
    NetworkShape shape = NetworkShape.of(checkpoint.config());
    return new Subject(
        checkpoint.name(),
        shape,
        DiffusionProcess.of(checkpoint.config()),
        backend -> {
          try (Safetensors file = Safetensors.open(checkpoint.weights())) {
            return WeightFile.read(file, shape, backend);
          }
        });
  }

  /**
   * A shape with initial weights. Their scores are those of a network that has learnt nothing,
   * under which a run reveals its positions evenly, as a trained network does.
   */
  static Subject random(String name, NetworkShape shape) {
    DiffusionProcess process =
        new DiffusionProcess(
            new Graph.Absorbing(shape.states() - 1), new NoiseSchedule.LogLinear());
    return new Subject(
        name,
        shape,
        process,
        backend -> {
          Parameters weights = Parameters.create(shape, backend);
          Initialization.official(weights, 1, backend);
          return weights;
        });
  }

  /** Numbers in the network. */
  long parameters() {
    return new ParameterLayout(shape).parameters();
  }

  /** The network, its weights frozen; owned by the caller. */
  ScoreNetwork open(Backend backend) throws IOException {
    Parameters parameters = weights.load(backend);
    parameters.freeze(backend);
    return new ScoreNetwork(shape, parameters, backend);
  }
}
