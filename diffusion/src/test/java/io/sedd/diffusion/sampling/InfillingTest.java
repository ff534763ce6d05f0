package io.sedd.diffusion.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.process.Graph;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is given stays as it is in every step, wherever it stands, and every blank gets a token. */
class InfillingTest {

  private static final int B = Template.BLANK;

  static Stream<Arguments> cases() {
    int[][] templates = {
      {B},
      {3, 1, 4, 1, B, B, B, B, B},
      {B, B, B, B, B, 9, 2, 6},
      {3, 1, 4, B, B, B, B, 5, 3, 5},
      {B, 8, B, B, 9, 7, B, 9, B, B, B, 3},
      {36, B, 0, B, 36, B, 0}
    };
    return Stream.of(TestNetworks.absorbing(), TestNetworks.uniform())
        .flatMap(
            process ->
                Arrays.stream(Predictor.values())
                    .flatMap(
                        predictor ->
                            Arrays.stream(templates)
                                .map(t -> Arguments.of(process, predictor, t))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givenTokensNeverChangeAndBlanksAreAllFilled(
      DiffusionProcess process, Predictor predictor, int[] template) {
    try (Backend backend = Backends.open(Optional.of("reference"), BackendOptions.defaults());
        DenoisingBatch batch = new DenoisingBatch(backend, template.length)) {
      DiffusionModel model = TestNetworks.random(process, 11, backend);
      Lane lane = new Lane(new LaneRequest(Template.of(template), predictor, 9, 4), model);
      assertTrue(batch.offer(lane));
      while (!batch.isEmpty()) {
        assertGivenKept(template, lane.tokens());
        assertRevealedStay(lane, batch);
      }
      assertEquals(Optional.empty(), lane.failure());
      assertGivenKept(template, lane.tokens());
      for (int token : lane.tokens()) {
        assertTrue(token >= 0 && token < process.graph().tokens(), "no token: " + token);
      }
      TestNetworks.close(model);
    }
  }

  private static void assertGivenKept(int[] template, int[] tokens) {
    for (int p = 0; p < template.length; p++) {
      if (template[p] != B) {
        assertEquals(template[p], tokens[p], "position " + p);
      }
    }
  }

  /** Takes a step. */
  private static void assertRevealedStay(Lane lane, DenoisingBatch batch) {
    int[] before = lane.tokens();
    batch.step();
    if (lane.model().graph() instanceof Graph.Absorbing absorbing) {
      for (int p = 0; p < before.length; p++) {
        if (before[p] != absorbing.mask()) {
          assertEquals(before[p], lane.tokens()[p], "position " + p);
        }
      }
    }
  }
}
