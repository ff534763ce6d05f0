package io.sedd.diffusion;

import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import io.sedd.protocol.checkpoint.CheckpointConfig;

/**
 * A graph with its noise schedule: all that the forward process is.
 *
 * @param graph how tokens move
 * @param noise how fast
 */
public record DiffusionProcess(Graph graph, NoiseSchedule noise) {

  /** The process that a checkpoint's configuration describes. */
  public static DiffusionProcess of(CheckpointConfig config) {
    Graph graph =
        switch (config.graph()) {
          case ABSORB -> new Graph.Absorbing(config.tokens());
          case UNIFORM -> new Graph.Uniform(config.tokens());
        };
    NoiseSchedule noise =
        switch (config.noise().type()) {
          case LOGLINEAR -> new NoiseSchedule.LogLinear();
          case GEOMETRIC ->
              new NoiseSchedule.Geometric(config.noise().sigmaMin(), config.noise().sigmaMax());
        };
    return new DiffusionProcess(graph, noise);
  }
}
