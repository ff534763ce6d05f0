package io.sedd.trainer.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainerTest {

  private static final CheckpointSink NOWHERE = (_, _) -> "nowhere";

  /** Remembers what a run reported. */
  private static final class Memory implements TrainingObserver {
    final List<StepReport> steps = new ArrayList<>();

    @Override
    public void stepTaken(StepReport report) {
      steps.add(report);
    }

    double mean(int from, int to) {
      return steps.subList(from, to).stream()
          .mapToDouble(StepReport::natsPerToken)
          .average()
          .orElseThrow();
    }
  }

  /** An untrained network knows nothing: ln 8 = 2.08 nats a token; 0.26 is the least there is. */
  @Test
  void theLossGoesDownOnATinyCorpus() {
    try (TinyRun run = new TinyRun(new BatchSize(16, 1), 1e-2)) {
      Memory memory = new Memory();
      run.train(600, NOWHERE, memory);
      assertEquals(Math.log(8), memory.mean(0, 3), 0.3);
      assertTrue(memory.mean(500, 600) < 1.2, "the loss ends at " + memory.mean(500, 600));
    }
  }

  @Test
  void twoRunsWithOneSeedAreTheSameBitForBit() {
    try (TinyRun one = new TinyRun(new BatchSize(4, 1), 1e-3);
        TinyRun other = new TinyRun(new BatchSize(4, 1), 1e-3)) {
      one.train(5, NOWHERE);
      other.train(5, NOWHERE);
      assertArrayEquals(one.parameters(), other.parameters());
    }
  }

  @Test
  void accumulatedBatchesAreOneLargeBatch() {
    try (TinyRun whole = new TinyRun(new BatchSize(8, 1), 1e-3);
        TinyRun parts = new TinyRun(new BatchSize(2, 4), 1e-3)) {
      Memory ofWhole = new Memory();
      Memory ofParts = new Memory();
      whole.train(3, NOWHERE, ofWhole);
      parts.train(3, NOWHERE, ofParts);
      for (int n = 0; n < 3; n++) {
        StepReport expected = ofWhole.steps.get(n);
        assertEquals(expected.loss(), ofParts.steps.get(n).loss(), 1e-3 * expected.loss());
        assertEquals(
            expected.gradientNorm(),
            ofParts.steps.get(n).gradientNorm(),
            1e-3 * expected.gradientNorm());
      }
    }
  }

  @Test
  void aParameterThatIsNotANumberStopsTheRunAndLeavesTheLastCheckpoint() {
    try (TinyRun run = new TinyRun(new BatchSize(4, 1), 1e-3)) {
      TrainingObserver poison =
          new TrainingObserver() {
            @Override
            public void stepTaken(StepReport report) {
              if (report.step() == 3) {
                run.backend.fill(
                    run.state.parameters().tensor("output_layer.linear.bias"), Float.NaN);
              }
            }
          };
      List<Integer> published = new ArrayList<>();
      RunLimits limits = new RunLimits(10, Duration.ZERO, 0, 2);
      CheckpointSink sink =
          (state, _) -> {
            published.add(state.step());
            return "step " + state.step();
          };
      var failure =
          assertThrows(
              TrainingDivergedException.class,
              () -> run.train(limits, sink, new StopSignal(), InstantSource.system(), poison));
      assertEquals(4, failure.step());
      for (String words :
          List.of("step 4", "sequence 0 of the step's 4", "output_layer.linear.bias")) {
        assertTrue(failure.getMessage().contains(words), failure.getMessage());
      }
      assertEquals(List.of(2), published);
    }
  }

  @Test
  void aGradientThatIsNotFiniteIsNamedByItsTensor() {
    try (TinyRun run = new TinyRun(new BatchSize(4, 1), 1e-3)) {
      TrainingObserver poison =
          new TrainingObserver() {
            @Override
            public void stepTaken(StepReport report) {
              run.backend.fill(
                  run.state.gradients().tensor("blocks.0.mlp.2.weight"), Float.POSITIVE_INFINITY);
            }
          };
      float[] before = run.parameters();
      var failure =
          assertThrows(TrainingDivergedException.class, () -> run.train(5, NOWHERE, poison));
      assertEquals(2, failure.step());
      assertTrue(
          failure.getMessage().contains("not finite is the gradient blocks.0.mlp.2.weight;"),
          failure.getMessage());
      assertEquals(before.length, run.parameters().length);
      assertEquals(1, run.state.step());
    }
  }

  @Test
  void aLossThatRunsAwayStopsTheRunBeforeItsNextCheckpoint() {
    DivergenceWatch watch = new DivergenceWatch(5);
    for (int step = 1; step <= 100; step++) {
      watch.stepTaken(report(step, 2 + Math.sin(step)));
    }
    var failure =
        assertThrows(
            TrainingDivergedException.class,
            () -> {
              for (int step = 101; step <= 200; step++) {
                watch.stepTaken(report(step, 40));
              }
            });
    assertTrue(failure.step() > 102 && failure.step() < 130, failure.getMessage());
    assertTrue(failure.getMessage().contains("nats a token after 1."), failure.getMessage());
    DivergenceWatch off = new DivergenceWatch(0);
    for (int step = 1; step <= 100; step++) {
      off.stepTaken(report(step, step < 60 ? 1 : 1e6));
    }
  }

  private static StepReport report(int step, double natsPerToken) {
    return new StepReport(step, natsPerToken, natsPerToken, 1, 1e-3, 10);
  }

  @Test
  void aStopSignalEndsTheRunWithACheckpointOfItsLastStep() {
    try (TinyRun run = new TinyRun(new BatchSize(2, 1), 1e-3)) {
      StopSignal stop = new StopSignal();
      TrainingObserver stopper =
          new TrainingObserver() {
            @Override
            public void stepTaken(StepReport report) {
              if (report.step() == 4) {
                stop.request();
              }
            }
          };
      List<Integer> published = new ArrayList<>();
      RunLimits limits = new RunLimits(100, Duration.ZERO, 0, 3);
      CheckpointSink sink =
          (state, _) -> {
            published.add(state.step());
            return "";
          };
      Trainer.End end = run.train(limits, sink, stop, InstantSource.system(), stopper);
      assertEquals(Trainer.End.STOPPED, end);
      assertEquals(List.of(3, 4), published);
    }
  }

  @Test
  void theWallClockLimitEndsTheRun() {
    try (TinyRun run = new TinyRun(new BatchSize(2, 1), 1e-3)) {
      Instant[] now = {Instant.EPOCH};
      TrainingObserver slow =
          new TrainingObserver() {
            @Override
            public void stepTaken(StepReport report) {
              now[0] = now[0].plusSeconds(10);
            }
          };
      RunLimits limits = new RunLimits(100, Duration.ofSeconds(45), 0, 0);
      Trainer.End end = run.train(limits, NOWHERE, new StopSignal(), () -> now[0], slow);
      assertEquals(Trainer.End.TIME, end);
      assertEquals(5, run.state.step());
    }
  }
}
