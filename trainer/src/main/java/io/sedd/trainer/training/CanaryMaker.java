package io.sedd.trainer.training;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.protocol.checkpoint.Canary;
import io.sedd.trainer.objective.Noising;
import io.sedd.trainer.objective.NoisyBatch;
import io.sedd.trainer.objective.TimeSampling;
import io.sedd.trainer.objective.TrainingRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Makes a checkpoint's canary: random tokens (never text of the corpus) under little, middling and
 * much noise, and the network's log scores at some positions and states.
 */
final class CanaryMaker {

  /**
   * Backends in fp32 differ by some 1e-5 on log scores of this size; another network, tokenizer
   * order or noise scaling by more than 1.
   */
  private static final double TOLERANCE = 0.02;

  private static final double[] TIMES = {0.1, 0.5, 0.95};
  private static final int LONGEST_ROW = 16;
  private static final int POSITIONS = 4;
  private static final int STATES = 6;

  private CanaryMaker() {}

  static Canary of(ScoreModel model, DiffusionProcess process, Backend backend) {
    RandomGenerator random = new SplittableRandom(1);
    int length = Math.min(LONGEST_ROW, model.shape().length());
    List<int[]> clean = new ArrayList<>();
    for (int s = 0; s < TIMES.length; s++) {
      clean.add(random.ints(length, 0, process.graph().tokens()).toArray());
    }
    Noising noising = new Noising(process, 0, TimeSampling.INDEPENDENT, new TrainingRandom(1));
    NoisyBatch noisy = noising.at(TIMES, 0, 0, clean);
    NetworkInput all =
        NetworkInput.ofAll(noisy.input().layout(), noisy.input().tokens(), noisy.input().sigma());
    try (Workspace workspace = backend.workspace()) {
      Tensor logits = model.logits(all, workspace);
      float[] values = backend.read(logits);
      List<Canary.Row> rows = new ArrayList<>();
      for (int s = 0; s < TIMES.length; s++) {
        rows.add(row(model, all, values, s, random));
      }
      return new Canary(TOLERANCE, rows);
    }
  }

  private static Canary.Row row(
      ScoreModel model, NetworkInput input, float[] logits, int sequence, RandomGenerator random) {
    int states = model.shape().states();
    int start = input.layout().start(sequence);
    int length = input.layout().length(sequence);
    double sigma = input.sigma()[sequence];
    List<Canary.LogScore> expected = new ArrayList<>();
    for (int p = 0; p < Math.min(POSITIONS, length); p++) {
      int position = random.nextInt(length);
      int own = input.tokens()[start + position];
      for (int i = 0; i < STATES; i++) {
        int state = random.nextInt(states);
        if (state != own) {
          double logit = logits[(start + position) * states + state];
          expected.add(new Canary.LogScore(position, state, logit + model.logOffset(sigma)));
        }
      }
    }
    List<Integer> tokens = Arrays.stream(input.tokens(), start, start + length).boxed().toList();
    return new Canary.Row(tokens, sigma, expected);
  }
}
