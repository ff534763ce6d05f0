package io.sedd.diffusion.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.network.GoldenModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A job's tokens depend on the job, the seed, the weights and the predictor, and on nothing else.
 */
class BatchIndependenceTest {

  private static final int ROWS = 600;
  private static final int LENGTH = 23;
  private static final int STEPS = 12;

  static Stream<Arguments> cases() {
    return GoldenModel.BACKENDS.stream()
        .flatMap(
            backend ->
                Stream.of(TestNetworks.absorbing(), TestNetworks.uniform())
                    .flatMap(
                        process ->
                            Arrays.stream(Predictor.values())
                                .map(p -> Arguments.of(backend, process, p))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aJobAloneGivesTheSameTokensAgain(
      String backend, DiffusionProcess process, Predictor predictor) {
    onModel(
        backend,
        process,
        (batch, model) -> {
          int[] first = alone(batch, model, predictor);
          assertArrayEquals(first, alone(batch, model, predictor));
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aJobInAFullBatchGivesTheTokensThatItGivesAlone(
      String backend, DiffusionProcess process, Predictor predictor) {
    onModel(
        backend,
        process,
        (batch, model) -> {
          int[] alone = alone(batch, model, predictor);
          List<Lane> others = neighbours(model);
          Lane lane = job(model, predictor);
          others.subList(0, 7).forEach(batch::offer);
          assertTrue(batch.offer(lane));
          others.subList(7, others.size()).forEach(batch::offer);
          assertTrue(batch.freeRows() < LENGTH, "the batch is full");
          run(batch);
          assertArrayEquals(alone, lane.tokens());
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aJobThatJoinsInTheMiddleGivesTheTokensThatItGivesAlone(
      String backend, DiffusionProcess process, Predictor predictor) {
    onModel(
        backend,
        process,
        (batch, model) -> {
          int[] alone = alone(batch, model, predictor);
          List<Lane> others = neighbours(model);
          others.subList(0, 9).forEach(batch::offer);
          batch.step();
          batch.step();
          batch.step();
          Lane lane = job(model, predictor);
          assertTrue(batch.offer(lane));
          batch.step();
          batch.remove(others.get(3));
          batch.offer(others.get(10));
          run(batch);
          assertArrayEquals(alone, lane.tokens());
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anotherSeedOrSampleGivesOtherTokens(
      String backend, DiffusionProcess process, Predictor predictor) {
    onModel(
        backend,
        process,
        (batch, model) -> {
          int[] tokens = alone(batch, model, predictor);
          int[] otherSeed = alone(batch, lane(model, predictor, LENGTH, STEPS, 78, 0));
          int[] otherSample = alone(batch, lane(model, predictor, LENGTH, STEPS, 77, 1));
          assertNotEquals(Arrays.toString(tokens), Arrays.toString(otherSeed));
          assertNotEquals(Arrays.toString(tokens), Arrays.toString(otherSample));
        });
  }

  private interface Check {
    void on(DenoisingBatch batch, DiffusionModel model);
  }

  private static void onModel(String backendName, DiffusionProcess process, Check check) {
    try (Backend backend = Backends.open(Optional.of(backendName), BackendOptions.defaults());
        DenoisingBatch batch = new DenoisingBatch(backend, ROWS)) {
      DiffusionModel model = TestNetworks.random(process, 5, backend);
      check.on(batch, model);
      TestNetworks.close(model);
    }
  }

  private static int[] alone(DenoisingBatch batch, DiffusionModel model, Predictor predictor) {
    return alone(batch, job(model, predictor));
  }

  private static int[] alone(DenoisingBatch batch, Lane lane) {
    assertTrue(batch.offer(lane));
    run(batch);
    return lane.tokens();
  }

  private static void run(DenoisingBatch batch) {
    while (!batch.isEmpty()) {
      batch.step().forEach(lane -> assertTrue(lane.finished(), lane.failure().toString()));
    }
  }

  private static Lane job(DiffusionModel model, Predictor predictor) {
    return lane(model, predictor, LENGTH, STEPS, 77, 0);
  }

  /** Lanes of many lengths, step counts and predictors, more than the batch holds. */
  private static List<Lane> neighbours(DiffusionModel model) {
    List<Lane> lanes = new ArrayList<>();
    int rows = 0;
    for (int i = 0; rows < 2 * ROWS; i++) {
      int length = 1 + 7 * i % TestNetworks.LENGTH;
      Predictor predictor = i % 2 == 0 ? Predictor.EULER : Predictor.ANALYTIC;
      lanes.add(lane(model, predictor, length, 3 + i % 11, 1000 + i, i % 3));
      rows += length;
    }
    return lanes;
  }

  private static Lane lane(
      DiffusionModel model, Predictor predictor, int length, int steps, long seed, int sample) {
    return new Lane(
        new LaneRequest(Template.blank(length), predictor, steps, 0.9, 0.95, seed, sample), model);
  }
}
