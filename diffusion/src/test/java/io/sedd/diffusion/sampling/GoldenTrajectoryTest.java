package io.sedd.diffusion.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sedd.diffusion.Closeness;
import io.sedd.diffusion.GoldenFiles;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.PendingDraw;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.network.GoldenModel;
import io.sedd.protocol.checkpoint.Safetensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Whole official runs, followed by the denoising batch on every backend with the recorded random
 * numbers in the official draw: the same weights in every step, and the same tokens after it.
 */
class GoldenTrajectoryTest {

  private static final double LIMIT = 2e-4;

  @TestFactory
  Stream<DynamicTest> recordedRunsAreFollowedTokenByToken() {
    return GoldenModel.BACKENDS.stream()
        .flatMap(
            backend ->
                GoldenFiles.eachModelWith(
                    "trajectory.safetensors", backend, folder -> check(folder, backend)));
  }

  private static void check(Path folder, String backend) {
    JsonNode runs = GoldenFiles.json(folder.resolve("meta.json")).required("trajectory");
    try (GoldenModel model = GoldenModel.open(folder, backend);
        Safetensors numbers = model.numbers("trajectory.safetensors")) {
      assertTrue(runs.size() > 0, folder + " records no run");
      for (var run : runs.properties()) {
        follow(new RecordedRun(run.getKey(), run.getValue(), numbers), model);
      }
    }
  }

  private static void follow(RecordedRun run, GoldenModel model) {
    List<Lane> lanes =
        IntStream.range(0, run.sequences()).mapToObj(s -> run.lane(model, s)).toList();
    RecordedDraw draw = new RecordedDraw(run, model.backend(), lanes);
    int rows = lanes.stream().mapToInt(Lane::length).sum();
    try (DenoisingBatch batch = new DenoisingBatch(model.backend(), draw, rows)) {
      lanes.forEach(lane -> assertTrue(batch.offer(lane)));
      for (int step = 0; step <= run.steps(); step++) {
        draw.step = step;
        draw.present = batch.lanes();
        batch.step();
        for (int s = 0; s < lanes.size(); s++) {
          assertEquals(Optional.empty(), lanes.get(s).failure());
          assertArrayEquals(
              run.states(step + 1, s),
              lanes.get(s).tokens(),
              run.prefix() + ", after step " + step + ", sequence " + s);
        }
      }
      assertTrue(batch.isEmpty(), "all lanes have ended");
    }
  }

  /** The official draw with the recorded random numbers, after a look at the weights. */
  private static final class RecordedDraw implements RowDraw {

    private final RecordedRun run;
    private final Backend backend;
    private final List<Lane> all;
    private List<Lane> present = List.of();
    private int step;

    RecordedDraw(RecordedRun run, Backend backend, List<Lane> all) {
      this.run = run;
      this.backend = backend;
      this.all = all;
    }

    @Override
    public PendingDraw begin(
        Tensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
      float[] values = backend.read(logits);
      int v = logits.columns();
      for (int r = 0; r < own.length; r++) {
        int sequence = all.indexOf(present.get(layout.sequenceOf(r)));
        int position = layout.positionOf(r);
        DrawRule rule = rules.get(layout.sequenceOf(r));
        double[] score = new double[v];
        for (int y = 0; y < v; y++) {
          score[y] = y == own[r] ? 1 : Math.exp(values[r * v + y] + rule.logOffset());
        }
        double[] expected = run.weights(step, sequence, position);
        double[] weights = Arrays.copyOf(weights(rule, own[r], score), expected.length);
        Closeness.assertAbsolute(
            "%s, step %d, sequence %d, position %d"
                .formatted(run.prefix(), step, sequence, position),
            expected,
            weights,
            LIMIT);
        drawn[r] = OfficialDraw.index(weights, run.uniforms(step, sequence, position));
      }
      return PendingDraw.DONE;
    }

    private static double[] weights(DrawRule rule, int own, double[] score) {
      double z = Arrays.stream(score).sum();
      double[] weights = new double[score.length];
      Arrays.setAll(weights, y -> rule.alpha() * score[y] + rule.beta() * z);
      weights[own] = rule.gamma() + rule.delta() * z;
      return weights;
    }
  }
}
