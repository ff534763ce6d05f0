package io.sedd.diffusion.sampling;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.Parameters;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Small networks whose every weight is random, so that every token matters to every other. */
final class TestNetworks {

  /** Tokens of the vocabulary; odd, as a backend may like even widths better. */
  static final int TOKENS = 37;

  /** Longest sequence. */
  static final int LENGTH = 64;

  private TestNetworks() {}

  static DiffusionProcess absorbing() {
    return new DiffusionProcess(new Graph.Absorbing(TOKENS), new NoiseSchedule.LogLinear());
  }

  static DiffusionProcess uniform() {
    return new DiffusionProcess(new Graph.Uniform(TOKENS), new NoiseSchedule.Geometric(1e-3, 5));
  }

  /** A network for a process; close it with {@link #close}. */
  static DiffusionModel random(DiffusionProcess process, long seed, Backend backend) {
    NetworkShape shape = new NetworkShape(process.graph().states(), 24, 8, LENGTH, 2, 2, false);
    Parameters weights = Parameters.create(shape, backend);
    SplittableRandom random = new SplittableRandom(seed);
    for (String name : weights.names()) {
      float[] values = new float[Math.toIntExact(weights.tensor(name).size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextDouble(-0.5, 0.5);
      }
      backend.write(MemorySegment.ofArray(values), weights.tensor(name));
    }
    return new DiffusionModel(new ScoreNetwork(shape, weights, backend), process);
  }

  static void close(DiffusionModel model) {
    if (model.scores() instanceof ScoreNetwork network) {
      network.close();
    }
  }
}
