package io.sedd.diffusion.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DenoisingBatchTest {

  private static final DiffusionProcess ABSORBING =
      new DiffusionProcess(new Graph.Absorbing(6), new NoiseSchedule.LogLinear());
  private static final DiffusionProcess UNIFORM =
      new DiffusionProcess(new Graph.Uniform(7), new NoiseSchedule.Geometric(1e-3, 5));

  private final Backend backend = new ReferenceBackend();
  private final FixedScores scores = new FixedScores(7, -1, backend);
  private final DiffusionModel absorbing = new DiffusionModel(scores, ABSORBING);
  private final DiffusionModel uniform = new DiffusionModel(scores, UNIFORM);

  @AfterEach
  void closeBackend() {
    backend.close();
  }

  @Test
  void lanesAreTakenInWhileRowsAreFree() {
    try (DenoisingBatch batch = new DenoisingBatch(backend, 10)) {
      assertTrue(batch.offer(lane(absorbing, 6, 1)));
      assertFalse(batch.offer(lane(absorbing, 5, 2)));
      assertTrue(batch.offer(lane(absorbing, 4, 3)));
      assertEquals(0, batch.freeRows());
      assertEquals(2, batch.lanes().size());
    }
  }

  @Test
  void aLaneThatNeverFitsIsRefusedWithBothSizes() {
    try (DenoisingBatch batch = new DenoisingBatch(backend, 10)) {
      var refusal =
          assertThrows(IllegalArgumentException.class, () -> batch.offer(lane(absorbing, 11, 1)));
      assertEquals("a lane of 11 tokens never fits a batch of 10 rows", refusal.getMessage());
    }
  }

  @Test
  void aRemovedLaneFreesItsRowsAndTakesNoMoreSteps() {
    try (DenoisingBatch batch = new DenoisingBatch(backend, 10)) {
      Lane lane = lane(uniform, 10, 1);
      batch.offer(lane);
      batch.step();
      assertTrue(batch.remove(lane));
      assertFalse(batch.remove(lane));
      assertEquals(10, batch.freeRows());
      batch.step();
      assertEquals(1, lane.stepsTaken());
    }
  }

  @Test
  void aUniformLaneTakesAllItsStepsAndTheDenoiser() {
    Lane lane = run(lane(uniform, 10, 1));
    assertTrue(lane.finished());
    assertEquals(8, lane.stepsTaken());
    assertEquals(9, lane.evaluations());
    assertEquals(0, lane.remaining());
  }

  @Test
  void anAbsorbingLaneWithNothingMaskedEndsEarlyAndCountsWhatReallyRan() {
    DiffusionModel eager = new DiffusionModel(new FixedScores(7, 20, backend), ABSORBING);
    Lane lane = run(lane(eager, 10, 1));
    assertTrue(lane.finished());
    assertEquals(1, lane.stepsTaken());
    assertEquals(1, lane.evaluations());
  }

  @Test
  void theDenoiserFillsWhatTheStepsHaveLeft() {
    DiffusionModel reluctant = new DiffusionModel(new FixedScores(7, -60, backend), ABSORBING);
    Lane lane = lane(reluctant, 10, 1);
    assertEquals(10, lane.remaining());
    run(lane);
    assertEquals(8, lane.stepsTaken());
    assertEquals(9, lane.evaluations());
    assertTrue(Arrays.stream(lane.tokens()).allMatch(token -> token < 6));
  }

  @Test
  void onlyMaskedRowsOfAnAbsorbingLaneAreScored() {
    Lane lane =
        new Lane(
            new LaneRequest(Template.of(2, -1, 3, -1, -1, 0), Predictor.ANALYTIC, 8, 1), absorbing);
    run(lane);
    assertArrayEquals(new int[] {1, 3, 4}, scores.asked.getFirst().wanted());
    for (NetworkInput input : scores.asked) {
      assertEquals(6, input.layout().rows());
      for (int row : input.wanted()) {
        assertEquals(6, input.tokens()[row], "a row that is not masked was asked for");
      }
    }
  }

  @Test
  void onlyBlanksOfAUniformLaneAreScored() {
    run(
        new Lane(
            new LaneRequest(Template.of(2, -1, 3, -1, -1, 0), Predictor.EULER, 8, 1), uniform));
    assertEquals(9, scores.asked.size());
    for (NetworkInput input : scores.asked) {
      assertArrayEquals(new int[] {1, 3, 4}, input.wanted());
    }
  }

  @Test
  void lanesOfTwoModelsShareTheBatchAndKeepTheirWeights() {
    FixedScores newer = new FixedScores(7, -1, backend);
    try (DenoisingBatch batch = new DenoisingBatch(backend, 100)) {
      Lane a = lane(uniform, 3, 1);
      Lane b = lane(new DiffusionModel(newer, UNIFORM), 4, 2);
      Lane c = lane(uniform, 5, 3);
      List.of(a, b, c).forEach(batch::offer);
      batch.step();
      assertEquals(8, scores.asked.getFirst().layout().rows());
      assertEquals(4, newer.asked.getFirst().layout().rows());
      assertEquals(1, scores.asked.size());
      assertEquals(1, newer.asked.size());
      assertEquals(List.of(1, 1, 1), List.of(a.stepsTaken(), b.stepsTaken(), c.stepsTaken()));
    }
  }

  @Test
  void aStepOfSomeLanesLeavesTheOthersWhereTheyAre() {
    try (DenoisingBatch batch = new DenoisingBatch(backend, 100)) {
      Lane a = lane(uniform, 3, 1);
      Lane b = lane(uniform, 4, 2);
      List.of(a, b).forEach(batch::offer);
      batch.step(List.of(b));
      batch.step();
      assertEquals(List.of(1, 2), List.of(a.stepsTaken(), b.stepsTaken()));
      assertArrayEquals(new int[] {0, 1, 2}, a.unfilled());
      while (!batch.isEmpty()) {
        batch.step();
      }
      assertArrayEquals(new int[0], a.unfilled());
    }
  }

  @Test
  void aStepThatFailsIsTakenAgainAsIfItHadNotBeenTried() {
    Lane expected = run(lane(uniform, 5, 1));
    int[] failures = {0};
    DiffusionModel frail =
        new DiffusionModel(
            new Frail(scores, input -> input.layout().sequences() > 1, failures), UNIFORM);
    try (DenoisingBatch batch = new DenoisingBatch(backend, 100)) {
      Lane a = lane(frail, 5, 1);
      Lane b = lane(frail, 6, 2);
      List.of(a, b).forEach(batch::offer);
      while (!batch.isEmpty()) {
        assertThrows(IllegalStateException.class, batch::step);
        batch.step(List.of(a));
        batch.step(List.of(b));
      }
      assertArrayEquals(expected.tokens(), a.tokens());
      assertEquals(9, a.evaluations());
    }
    assertEquals(9, failures[0]);
  }

  /** Throws where it is told to. */
  private record Frail(FixedScores sound, Predicate<NetworkInput> fails, int[] failures)
      implements ScoreModel {

    @Override
    public NetworkShape shape() {
      return sound.shape();
    }

    @Override
    public Tensor logits(NetworkInput input, Workspace workspace) {
      if (fails.test(input)) {
        failures[0]++;
        throw new IllegalStateException("frail");
      }
      return sound.logits(input, workspace);
    }
  }

  @Test
  void aLaneWhoseScoresAreNotFiniteFailsAloneAndSaysWhere() {
    DiffusionModel sick = new DiffusionModel(new Poisoned(scores, 5), UNIFORM);
    Lane before = lane(sick, 4, 1);
    Lane poisoned = lane(sick, 5, 2);
    Lane after = lane(sick, 6, 3);
    try (DenoisingBatch batch = new DenoisingBatch(backend, 100)) {
      List.of(before, poisoned, after).forEach(batch::offer);
      assertEquals(List.of(poisoned), batch.step());
      assertFalse(poisoned.finished());
      assertEquals(1, poisoned.evaluations());
      String failure = poisoned.failure().orElseThrow();
      assertTrue(failure.startsWith("step 0: ") && failure.contains("position 2"), failure);
      assertEquals(90, batch.freeRows());
      while (!batch.isEmpty()) {
        batch.step();
      }
    }
    assertArrayEquals(run(lane(uniform, 4, 1)).tokens(), before.tokens());
    assertArrayEquals(run(lane(uniform, 6, 3)).tokens(), after.tokens());
  }

  @Test
  void aSteadyStepTakesNoNewWorkspace() {
    List<Long> peaks = new ArrayList<>();
    LastLayouts layouts = new LastLayouts();
    try (Workspace workspace = backend.workspace()) {
      BatchStep first = new BatchStep(List.of(lane(uniform, 9, 1)), layouts);
      BatchStep second = new BatchStep(List.of(lane(uniform, 9, 2)), layouts);
      for (BatchStep step : List.of(first, second)) {
        step.take(scores, backend::beginDraw, workspace, new PhaseWatch(System::nanoTime));
        assertEquals(0, workspace.mark());
        peaks.add(workspace.peakBytes());
      }
    }
    assertEquals(peaks.get(0), peaks.get(1));
  }

  private Lane run(Lane lane) {
    try (DenoisingBatch batch = new DenoisingBatch(backend, 100)) {
      assertTrue(batch.offer(lane));
      while (!batch.isEmpty()) {
        batch.step();
      }
    }
    assertEquals(Optional.empty(), lane.failure());
    return lane;
  }

  private static Lane lane(DiffusionModel model, int length, long seed) {
    return new Lane(new LaneRequest(Template.blank(length), Predictor.ANALYTIC, 8, seed), model);
  }

  /** Gives NaN at position 2 of every sequence of one length. */
  private record Poisoned(FixedScores sound, int length) implements ScoreModel {

    @Override
    public NetworkShape shape() {
      return sound.shape();
    }

    @Override
    public Tensor logits(NetworkInput input, Workspace workspace) {
      Tensor logits = sound.logits(input, workspace);
      for (int s = 0; s < input.layout().sequences(); s++) {
        if (input.layout().length(s) == length) {
          long row = input.wantedLayout().start(s) + 2L;
          sound.fill(logits.view(row * logits.columns(), 1, logits.columns()), Float.NaN);
        }
      }
      return logits;
    }
  }
}
