package io.sedd.trainer.training;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.network.Initialization;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.protocol.checkpoint.CheckpointConfig;
import io.sedd.trainer.objective.LossGradient;
import io.sedd.trainer.objective.Noising;
import io.sedd.trainer.objective.Objective;
import io.sedd.trainer.objective.TimeSampling;
import io.sedd.trainer.objective.TrainingRandom;
import io.sedd.trainer.optimizer.LearningRate;
import io.sedd.trainer.optimizer.Optimizer;
import io.sedd.trainer.optimizer.OptimizerState;
import io.sedd.trainer.optimizer.Recipe;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A network small enough to train in a test, on sequences that count upwards modulo 8 from a start
 * that looks random: ln 8 nats a sequence, 0.26 a token, are all there is to know.
 */
final class TinyRun implements AutoCloseable {

  static final int TOKENS = 8;
  static final int LENGTH = 8;

  static final CheckpointConfig CONFIG =
      new CheckpointConfig(
          TOKENS,
          CheckpointConfig.GraphType.ABSORB,
          new CheckpointConfig.Noise(CheckpointConfig.NoiseType.LOGLINEAR, 1e-4, 20),
          new CheckpointConfig.Model(16, 8, LENGTH, 1, 2, true, 0),
          "bytes");

  final Backend backend;
  final OptimizerState state;
  final RunIdentity identity;
  private final ScoreNetwork network;
  private final LossGradient gradient;
  private final TrainingStep step;

  TinyRun(BatchSize batch, double learningRate) {
    backend = Backends.open(Optional.of("reference"), new BackendOptions(1, 0));
    NetworkShape shape = NetworkShape.of(CONFIG);
    DiffusionProcess process = DiffusionProcess.of(CONFIG);
    Objective objective = Objective.of(CONFIG.objective(), process, new TrainingRandom(5), backend);
    state = new OptimizerState(shape, backend);
    Initialization.official(state.parameters(), 5, backend);
    state.startAverage(backend);
    network = new ScoreNetwork(shape, state.parameters(), backend);
    gradient = new LossGradient(network, backend);
    identity = new RunIdentity(5, batch.total(), LENGTH, "LOW_DISCREPANCY", "counting");
    Noising noising =
        new Noising(
            process,
            Noising.OFFICIAL_EARLIEST,
            TimeSampling.LOW_DISCREPANCY,
            new TrainingRandom(5));
    Recipe recipe =
        new Recipe(LearningRate.constant(learningRate, 5), 0.9, 0.999, 1e-8, 0, 1, 0.99);
    step =
        new TrainingStep(
            TinyRun::counting,
            batch,
            noising,
            objective,
            new Optimizer(recipe, backend),
            state,
            gradient,
            Regime.PLAIN);
  }

  static int[] counting(long index) {
    int start = (int) ((index * 0x9E3779B97F4A7C15L) >>> 61);
    return IntStream.range(0, LENGTH).map(i -> (start + i) % TOKENS).toArray();
  }

  Trainer.End train(int steps, CheckpointSink sink, TrainingObserver... observers) {
    RunLimits limits = new RunLimits(steps, Duration.ZERO, 0, 0);
    return train(limits, sink, new StopSignal(), InstantSource.system(), observers);
  }

  Trainer.End train(
      RunLimits limits,
      CheckpointSink sink,
      StopSignal stop,
      InstantSource clock,
      TrainingObserver... observers) {
    return new Trainer(
            step,
            state,
            Optional.empty(),
            Sampling.NONE,
            sink,
            limits,
            List.of(observers),
            stop,
            clock)
        .run();
  }

  float[] parameters() {
    return backend.read(state.parameters().flat());
  }

  float[] average() {
    return backend.read(state.average().flat());
  }

  @Override
  public void close() {
    gradient.close();
    state.close();
    backend.close();
  }
}
