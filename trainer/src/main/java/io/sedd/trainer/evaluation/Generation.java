package io.sedd.trainer.evaluation;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.sampling.DenoisingBatch;
import io.sedd.diffusion.sampling.DiffusionModel;
import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.sampling.LaneRequest;
import io.sedd.diffusion.sampling.Predictor;
import io.sedd.diffusion.sampling.Template;
import java.util.ArrayList;
import java.util.List;

/**
 * Samples of a diffusion model for an evaluation.
 *
 * @param predictor how the steps use the score
 * @param steps of the predictor
 * @param draw how states are drawn from their weights
 * @param batchRows token rows of one batch
 * @param seed of all samples
 */
public record Generation(Predictor predictor, int steps, Draw draw, int batchRows, long seed) {

  /** How states are drawn. */
  public enum Draw {
    /** From the exact distribution, as everything else in this project draws. */
    EXACT,
    /** By the official sampler's race in single precision, which lowers the temperature. */
    FP32
  }

  /**
   * Fills templates.
   *
   * @return tokens in the order of the templates
   * @throws ArithmeticException if the model's scores are not finite
   */
  public List<int[]> fill(DiffusionModel model, List<Template> templates, Backend backend) {
    List<Lane> lanes = new ArrayList<>();
    int longest = templates.stream().mapToInt(Template::length).max().orElse(1);
    try (DenoisingBatch batch = batch(backend, Math.max(batchRows, longest))) {
      for (int i = 0; i < templates.size(); i++) {
        Lane lane =
            new Lane(new LaneRequest(templates.get(i), predictor, steps, 1, 1, seed, i), model);
        lanes.add(lane);
        while (!batch.offer(lane)) {
          step(batch);
        }
      }
      while (!batch.isEmpty()) {
        step(batch);
      }
    }
    return lanes.stream().map(Lane::tokens).toList();
  }

  private DenoisingBatch batch(Backend backend, int rows) {
    return switch (draw) {
      case EXACT -> new DenoisingBatch(backend, rows);
      case FP32 -> DenoisingBatch.withOfficialDraw(backend, rows);
    };
  }

  private static void step(DenoisingBatch batch) {
    for (Lane ended : batch.step()) {
      ended
          .failure()
          .ifPresent(
              why -> {
                throw new ArithmeticException("a sample cannot be drawn: " + why);
              });
    }
  }
}
