package io.sedd.diffusion.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneTest {

  private final Backend backend = new ReferenceBackend();
  private final DiffusionModel absorbing =
      new DiffusionModel(
          new FixedScores(7, -1, backend),
          new DiffusionProcess(new Graph.Absorbing(6), new NoiseSchedule.LogLinear()));
  private final DiffusionModel uniform =
      new DiffusionModel(
          new FixedScores(7, -1, backend),
          new DiffusionProcess(new Graph.Uniform(7), new NoiseSchedule.LogLinear()));

  @AfterEach
  void closeBackend() {
    backend.close();
  }

  @Test
  void anAbsorbingLaneStartsMaskedWhereItIsBlank() {
    Lane lane = lane(absorbing, Template.of(5, -1, -1, 0), 1);
    assertArrayEquals(new int[] {5, 6, 6, 0}, lane.tokens());
    assertEquals(2, lane.remaining());
    assertFalse(lane.finished());
  }

  @Test
  void aUniformLaneStartsFromItsSeedAlone() {
    int[] tokens = lane(uniform, Template.blank(64), 1).tokens();
    assertArrayEquals(tokens, lane(uniform, Template.blank(64), 1).tokens());
    assertFalse(Arrays.equals(tokens, lane(uniform, Template.blank(64), 2).tokens()));
    assertEquals(7, Arrays.stream(tokens).distinct().count(), "all 7 tokens among 64");
    assertTrue(Arrays.stream(tokens).allMatch(t -> t >= 0 && t < 7));
  }

  @Test
  void aUniformLaneKeepsWhatIsGiven() {
    int[] tokens = lane(uniform, Template.of(5, -1, -1, 0), 1).tokens();
    assertEquals(5, tokens[0]);
    assertEquals(0, tokens[3]);
  }

  @Test
  void aTemplateLongerThanTheModelIsRefused() {
    assertRefused(
        "the template has 65 tokens, the model takes up to 64",
        () -> lane(uniform, Template.blank(65), 1));
  }

  @Test
  void aTokenThatTheModelDoesNotKnowIsRefused() {
    assertRefused(
        "token 6 at position 1 lies outside the model's 6 tokens",
        () -> lane(absorbing, Template.of(-1, 6), 1));
  }

  @Test
  void aTemplateWithoutABlankIsRefused() {
    assertRefused(
        "none of the 2 positions is blank: there is nothing to fill", () -> Template.of(1, 2));
  }

  @Test
  void aTemplateWithWhatIsNeitherTokenNorBlankIsRefused() {
    assertRefused(
        "token -2 at position 1 is neither a token nor a blank (-1)", () -> Template.of(-1, -2));
  }

  @Test
  void requestsOutsideTheirRangesAreRefused() {
    assertRefused("steps must be at least 1, not 0", () -> request(0, 1, 1, 0));
    assertRefused("temperature must be above 0, not 0.0", () -> request(4, 0, 1, 0));
    assertRefused("temperature must be above 0, not NaN", () -> request(4, Double.NaN, 1, 0));
    assertRefused("topP must lie in (0, 1], not 0.0", () -> request(4, 1, 0, 0));
    assertRefused("topP must lie in (0, 1], not 1.1", () -> request(4, 1, 1.1, 0));
    assertRefused("sample must be at least 0, not -1", () -> request(4, 1, 1, -1));
  }

  @Test
  void scoresOverOtherStatesThanTheProcessAreRefused() {
    assertRefused(
        "the scores are over 7 states, the process has 6",
        () ->
            new DiffusionModel(
                uniform.scores(),
                new DiffusionProcess(new Graph.Uniform(6), new NoiseSchedule.LogLinear())));
  }

  private static Lane lane(DiffusionModel model, Template template, long seed) {
    return new Lane(new LaneRequest(template, Predictor.ANALYTIC, 8, seed), model);
  }

  private static LaneRequest request(int steps, double temperature, double topP, int sample) {
    return new LaneRequest(Template.blank(3), Predictor.EULER, steps, temperature, topP, 1, sample);
  }

  private static void assertRefused(
      String message, org.junit.jupiter.api.function.Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
