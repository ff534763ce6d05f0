package io.sedd.launcher.bench;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.sampling.DiffusionModel;
import io.sedd.launcher.bench.StepCost.Kind;
import java.util.List;

/** Steps: full against half revealed and the bare evaluation, equal against mixed lengths. */
final class StepBench {

  /**
   * What was measured.
   *
   * @param costs full, half, equal, mixed
   * @param ratios between them
   */
  record Outcome(List<StepCost> costs, StepRatios ratios) {}

  private final Backend backend;
  private final DiffusionModel model;
  private final NumberType type;
  private final Stopwatch stopwatch;

  StepBench(Backend backend, DiffusionModel model, NumberType type, Stopwatch stopwatch) {
    this.backend = backend;
    this.model = model;
    this.type = type;
    this.stopwatch = stopwatch;
  }

  /**
   * Measures.
   *
   * @param batch sequences of the full and the half revealed step
   * @param larger sequences of the equal lengths that mixed ones are held against
   */
  Outcome measure(int batch, int larger) {
    int length = model.scores().shape().length();
    LaneSet mixedLanes = LaneSet.mixed(larger * length, length);
    double open = mixedLanes.openRows() / (double) mixedLanes.rows();
    try (Workspace workspace = backend.workspace();
        StandingStep full = step(LaneSet.equal(batch, length, 1));
        StandingStep half = step(LaneSet.equal(batch, length, 0.5));
        StandingStep equal = step(LaneSet.equal(larger, length, open));
        StandingStep mixed = step(mixedLanes)) {
      Evaluation bare =
          new Evaluation(model.scores(), backend, batch, workspace, stopwatch.nanos());
      double[][] first = stopwatch.times(List.of(bare, full, half));
      double[][] second = stopwatch.times(List.of(equal, mixed));
      List<StepCost> costs =
          List.of(
              cost(Kind.FULL, full, first[1]),
              cost(Kind.HALF, half, first[2]),
              cost(Kind.EQUAL, equal, second[0]),
              cost(Kind.MIXED, mixed, second[1]));
      return new Outcome(
          costs,
          new StepRatios(
              type,
              PairedRatio.of(first[1], first[0]),
              PairedRatio.of(first[2], first[1]),
              PairedRatio.of(second[0], second[1])
                  .times(mixed.lanes().rows() / (double) equal.lanes().rows())));
    }
  }

  private StandingStep step(LaneSet lanes) {
    return new StandingStep(lanes, backend, model);
  }

  private StepCost cost(Kind kind, StandingStep step, double[] seconds) {
    return new StepCost(
        type, kind, step.lanes(), Stopwatch.median(seconds), step.phases(seconds.length));
  }
}
