package io.sedd.launcher.bench;

import io.sedd.diffusion.LoadedCheckpoint;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.sampling.DenoisingBatch;
import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.sampling.LaneRequest;
import io.sedd.diffusion.sampling.Predictor;
import io.sedd.diffusion.sampling.Template;
import java.util.Arrays;

/**
 * Times whole generations: a batch of blank lanes from noise to text, nothing but the sampler
 * around the network.
 */
final class GenerationBench {

  private final Backend backend;
  private final LoadedCheckpoint checkpoint;

  GenerationBench(Backend backend, LoadedCheckpoint checkpoint) {
    this.backend = backend;
    this.checkpoint = checkpoint;
  }

  /** The median of several runs. */
  GenerationTiming measure(int steps, int batch, int length, int runs) {
    double[] seconds = new double[runs];
    for (int run = 0; run < runs; run++) {
      seconds[run] = once(steps, batch, length, run);
    }
    Arrays.sort(seconds);
    return new GenerationTiming(steps, batch, length, seconds[runs / 2]);
  }

  private double once(int steps, int batch, int length, int seed) {
    try (DenoisingBatch lanes = new DenoisingBatch(backend, batch * length)) {
      for (int sample = 0; sample < batch; sample++) {
        LaneRequest request =
            new LaneRequest(Template.blank(length), Predictor.ANALYTIC, steps, 1, 1, seed, sample);
        lanes.offer(new Lane(request, checkpoint.model()));
      }
      long start = System.nanoTime();
      while (!lanes.isEmpty()) {
        lanes.step();
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }
}
