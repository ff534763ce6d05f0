package io.sedd.launcher.bench;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.network.Initialization;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.trainer.objective.DenoisingScoreEntropy;
import io.sedd.trainer.objective.LossGradient;
import io.sedd.trainer.objective.Noising;
import io.sedd.trainer.objective.TimeSampling;
import io.sedd.trainer.objective.TrainingRandom;
import io.sedd.trainer.optimizer.LearningRate;
import io.sedd.trainer.optimizer.Optimizer;
import io.sedd.trainer.optimizer.OptimizerState;
import io.sedd.trainer.optimizer.Recipe;
import io.sedd.trainer.training.BatchSize;
import io.sedd.trainer.training.Regime;
import io.sedd.trainer.training.SequenceSource;
import io.sedd.trainer.training.TrainingStep;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Steps of the trainer itself, on random tokens and from initial weights. */
final class TrainingBench {

  private static final Recipe RECIPE =
      new Recipe(LearningRate.constant(1e-5, 0), 0.9, 0.999, 1e-8, 0, 1, 0.9999);

  private final Backend backend;
  private final Subject subject;
  private final NumberType type;
  private final Stopwatch stopwatch;

  TrainingBench(Backend backend, Subject subject, NumberType type, Stopwatch stopwatch) {
    this.backend = backend;
    this.subject = subject;
    this.type = type;
    this.stopwatch = stopwatch;
  }

  /**
   * Bytes that training holds: five numbers a parameter, what the backward needs of every block
   * (some 21 h a row), and the scores of all rows.
   */
  static double bytesNeeded(NetworkShape shape, long parameters, int batch) {
    double rows = (double) batch * shape.length();
    return 4.0
        * (5.0 * parameters + rows * shape.blocks() * 21 * shape.hidden() + rows * shape.states());
  }

  /**
   * Measures.
   *
   * @param batch sequences of a step
   */
  TrainingRate measure(int batch, double ceiling) {
    NetworkShape shape = subject.shape();
    SequenceSource source =
        index ->
            new SplittableRandom(index)
                .ints(shape.length(), 0, subject.process().graph().tokens())
                .toArray();
    Noising noising =
        new Noising(
            subject.process(),
            Noising.OFFICIAL_EARLIEST,
            TimeSampling.LOW_DISCREPANCY,
            new TrainingRandom(1));
    try (OptimizerState state = new OptimizerState(shape, backend)) {
      Initialization.official(state.parameters(), 1, backend);
      state.startAverage(backend);
      ScoreNetwork network = new ScoreNetwork(shape, state.parameters(), backend);
      try (LossGradient gradient = new LossGradient(network, backend)) {
        TrainingStep step =
            new TrainingStep(
                source,
                new BatchSize(batch, 1),
                noising,
                new DenoisingScoreEntropy(subject.process().graph(), backend),
                new Optimizer(RECIPE, backend),
                state,
                gradient,
                Regime.PLAIN);
        double[] seconds = stopwatch.times(List.of(() -> takeAndFinish(step)))[0];
        int warmUp = state.step() - seconds.length;
        double[] gflops = new double[seconds.length];
        Arrays.setAll(gflops, i -> flops(noising, source, batch, warmUp + i) / seconds[i] / 1e9);
        return new TrainingRate(
            subject.name(),
            type,
            batch,
            batch * shape.length(),
            Stopwatch.median(seconds),
            Stopwatch.median(gflops),
            ceiling);
      }
    }
  }

  private void takeAndFinish(TrainingStep step) {
    step.take();
    backend.finish();
  }

  /** Of one step: how many rows the noise masks, and so reach the head, differs. */
  private double flops(Noising noising, SequenceSource source, int batch, int step) {
    List<int[]> clean =
        IntStream.range(0, batch).mapToObj(i -> source.sequence((long) step * batch + i)).toList();
    return new Flops(subject.shape()).training(noising.apply(step, 0, clean).input());
  }
}
