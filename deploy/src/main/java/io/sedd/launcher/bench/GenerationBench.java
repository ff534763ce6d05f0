package io.sedd.launcher.bench;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.sampling.DenoisingBatch;
import io.sedd.diffusion.sampling.DiffusionModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tokens a second from noise to text, nothing but the sampler around the network. Steps are
 * measured first, at several shares of open positions; a run that would take longer than its budget
 * is summed up from them.
 */
final class GenerationBench {

  private static final double[] OPEN = {0, 0.25, 0.5, 0.75, 1};

  private final Backend backend;
  private final DiffusionModel model;
  private final NumberType type;
  private final Stopwatch stopwatch;
  private final int runs;
  private final double budgetSeconds;

  /**
   * @param runs of each kind, of which the median counts
   * @param budgetSeconds longest expected time of all runs of a kind together that are made at all;
   *     infinite to make them all
   */
  GenerationBench(
      Backend backend,
      DiffusionModel model,
      NumberType type,
      Stopwatch stopwatch,
      int runs,
      double budgetSeconds) {
    this.backend = backend;
    this.model = model;
    this.type = type;
    this.stopwatch = stopwatch;
    this.runs = runs;
    this.budgetSeconds = budgetSeconds;
  }

  /** One batch size with all step counts. */
  List<GenerationRate> measure(int batch, List<Integer> stepCounts) {
    int length = model.scores().shape().length();
    CostCurve curve = curve(batch, length);
    List<GenerationRate> rates = new ArrayList<>();
    for (int steps : stepCounts) {
      double expected = curve.run(model.process(), steps, length);
      boolean extrapolated = expected * runs > budgetSeconds;
      double seconds = extrapolated ? expected : run(batch, steps, length);
      rates.add(
          new GenerationRate(type, steps, batch, batch * length, seconds, extrapolated, expected));
    }
    return rates;
  }

  private CostCurve curve(int batch, int length) {
    List<StandingStep> steps = new ArrayList<>();
    try {
      for (double open : OPEN) {
        steps.add(new StandingStep(LaneSet.equal(batch, length, open), backend, model));
      }
      return new CostCurve(OPEN, stopwatch.medians(List.copyOf(steps)));
    } finally {
      steps.forEach(StandingStep::close);
    }
  }

  private double run(int batch, int steps, int length) {
    double[] seconds = new double[runs];
    Arrays.setAll(
        seconds,
        seed -> {
          try (DenoisingBatch lanes =
              LaneSet.equal(batch, length, 1).batch(backend, model, steps, seed)) {
            return stopwatch.once(
                () -> {
                  while (!lanes.isEmpty()) {
                    lanes.step();
                  }
                });
          }
        });
    return Stopwatch.median(seconds);
  }
}
