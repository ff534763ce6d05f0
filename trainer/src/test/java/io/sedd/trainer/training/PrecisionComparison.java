package io.sedd.trainer.training;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.network.Initialization;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.protocol.checkpoint.CheckpointConfig;
import io.sedd.trainer.objective.DenoisingScoreEntropy;
import io.sedd.trainer.objective.LossGradient;
import io.sedd.trainer.objective.Noising;
import io.sedd.trainer.objective.TimeSampling;
import io.sedd.trainer.objective.TrainingRandom;
import io.sedd.trainer.optimizer.LearningRate;
import io.sedd.trainer.optimizer.Optimizer;
import io.sedd.trainer.optimizer.OptimizerState;
import io.sedd.trainer.optimizer.Recipe;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Trains the same small model in fp32, in bf16 and, for the noise, in fp32 with other noise; prints
 * the mean loss of each tenth. With "speed" it prints the rate of a training step of 384 x 6,
 * length 256, beside that of a large matrix product.
 */
final class PrecisionComparison {

  private static final int TOKENS = 32;

  private final Backend backend;
  private final int sequences;
  private final int length;
  private final OptimizerState state;
  private final TrainingStep step;

  private PrecisionComparison(Backend backend, CheckpointConfig config, int sequences, long seed) {
    this.backend = backend;
    this.sequences = sequences;
    this.length = config.model().length();
    NetworkShape shape = NetworkShape.of(config);
    DiffusionProcess process = DiffusionProcess.of(config);
    state = new OptimizerState(shape, backend);
    Initialization.official(state.parameters(), 5, backend);
    state.startAverage(backend);
    LossGradient gradient =
        new LossGradient(new ScoreNetwork(shape, state.parameters(), backend), backend);
    Noising noising =
        new Noising(
            process,
            Noising.OFFICIAL_EARLIEST,
            TimeSampling.LOW_DISCREPANCY,
            new TrainingRandom(seed));
    Recipe recipe = new Recipe(LearningRate.constant(1e-3, 50), 0.9, 0.999, 1e-8, 0, 1, 0.99);
    step =
        new TrainingStep(
            this::text,
            new BatchSize(sequences, 1),
            noising,
            new DenoisingScoreEntropy(process.graph(), backend),
            new Optimizer(recipe, backend),
            state,
            gradient,
            Regime.PLAIN);
  }

  public static void main(String[] arguments) {
    if (arguments[0].equals("speed")) {
      speed(Precision.FP32);
      speed(Precision.BF16);
    } else {
      int steps = Integer.parseInt(arguments[0]);
      double[] fp32 = losses(Precision.FP32, steps, 5);
      double[] bf16 = losses(Precision.BF16, steps, 5);
      double[] other = losses(Precision.FP32, steps, 6);
      System.out.println("steps         fp32    bf16   fp32 with other noise");
      for (int tenth = 0; tenth < 10; tenth++) {
        int from = steps / 10 * tenth;
        int to = from + steps / 10;
        System.out.printf(
            Locale.ROOT,
            "%4d-%-4d   %7.4f %7.4f %7.4f%n",
            from,
            to,
            mean(fp32, from, to),
            mean(bf16, from, to),
            mean(other, from, to));
      }
    }
  }

  private static double mean(double[] losses, int from, int to) {
    return Arrays.stream(losses, from, to).average().orElseThrow();
  }

  private static double[] losses(Precision precision, int steps, long seed) {
    try (Backend backend = open(precision)) {
      PrecisionComparison run =
          new PrecisionComparison(backend, config(TOKENS, 64, 32, 2, 4), 16, seed);
      double[] losses = new double[steps];
      for (int i = 0; i < steps; i++) {
        losses[i] = run.step.take().natsPerToken();
      }
      return losses;
    }
  }

  private static void speed(Precision precision) {
    int h = 384;
    int blocks = 6;
    int tokens = 4096;
    try (Backend backend = open(precision)) {
      System.out.println(backend.description());
      PrecisionComparison run =
          new PrecisionComparison(backend, config(tokens, h, 256, blocks, 6), 8, 5);
      double rows = (double) run.sequences * run.length;
      Tensor x = backend.allocate(2048, 768);
      Tensor w = backend.allocate(3072, 768);
      Tensor frozen = backend.freeze(w);
      Tensor y = backend.allocate(2048, 3072);
      double[] steps = new double[7];
      double[] products = new double[7];
      for (int round = -2; round < steps.length; round++) {
        long start = System.nanoTime();
        run.step.take();
        long middle = System.nanoTime();
        backend.linear(x, frozen, null, Activation.NONE, null, y);
        long end = System.nanoTime();
        if (round >= 0) {
          steps[round] = 1e-9 * (middle - start);
          products[round] = 1e-9 * (end - middle);
        }
      }
      Arrays.sort(steps);
      Arrays.sort(products);
      double work =
          3 * (2 * rows * (12.0 * h * h * blocks + (tokens + 1.0) * h))
              + 3 * 4.0 * rows * run.length * h * blocks;
      double ceiling = 2.0 * 2048 * 768 * 3072 / products[3];
      double rate = work / steps[3];
      System.out.printf(
          Locale.ROOT,
          "step %.0f ms, %.0f tokens/s, %.0f GFLOP/s; product %.0f GFLOP/s: share %.3f%n",
          1e3 * steps[3],
          rows / steps[3],
          rate / 1e9,
          ceiling / 1e9,
          rate / ceiling);
    }
  }

  private static Backend open(Precision precision) {
    return Backends.open(Optional.of("nd4j"), BackendOptions.of(precision));
  }

  private static CheckpointConfig config(int tokens, int h, int length, int blocks, int heads) {
    return new CheckpointConfig(
        tokens,
        CheckpointConfig.GraphType.ABSORB,
        new CheckpointConfig.Noise(CheckpointConfig.NoiseType.LOGLINEAR, 1e-4, 20),
        new CheckpointConfig.Model(h, 32, length, blocks, heads, true, 0),
        "bytes");
  }

  /** Each token follows from the one before, but for one in five. */
  private int[] text(long index) {
    SplittableRandom random = new SplittableRandom(index);
    int[] tokens = new int[length];
    int token = random.nextInt(TOKENS);
    for (int i = 0; i < length; i++) {
      tokens[i] = token;
      token = random.nextInt(5) == 0 ? random.nextInt(TOKENS) : (5 * token + 1) % TOKENS;
    }
    return tokens;
  }
}
