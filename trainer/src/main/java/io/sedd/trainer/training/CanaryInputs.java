package io.sedd.trainer.training;

import io.sedd.diffusion.CanaryProbe;
import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.protocol.checkpoint.Canary;
import io.sedd.trainer.objective.Noising;
import io.sedd.trainer.objective.TimeSampling;
import io.sedd.trainer.objective.TrainingRandom;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a checkpoint's canary is asked: random tokens (never text of the corpus) under little,
 * middling and much noise.
 */
final class CanaryInputs {

  private static final double[] TIMES = {0.1, 0.5, 0.95};
  private static final int LONGEST = 12;

  private CanaryInputs() {}

  static Canary record(ScoreModel model, DiffusionProcess process, Backend backend) {
    SplittableRandom random = new SplittableRandom(1);
    int length = Math.min(LONGEST, model.shape().length());
    int tokens = process.graph().tokens();
    List<int[]> clean =
        Stream.generate(() -> random.ints(length, 0, tokens).toArray())
            .limit(TIMES.length)
            .toList();
    NetworkInput noisy =
        new Noising(process, 0, TimeSampling.INDEPENDENT, new TrainingRandom(1))
            .at(TIMES, 0, 0, clean)
            .input();
    RowLayout layout = noisy.layout();
    List<int[]> sequences =
        IntStream.range(0, TIMES.length)
            .mapToObj(s -> Arrays.copyOfRange(noisy.tokens(), layout.start(s), layout.end(s)))
            .toList();
    return new CanaryProbe(backend).record(model, sequences, noisy.sigma());
  }
}
