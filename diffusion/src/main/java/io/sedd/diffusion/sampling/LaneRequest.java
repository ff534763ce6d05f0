package io.sedd.diffusion.sampling;

import io.sedd.protocol.job.GenerationJob;
import java.util.Objects;

/**
 * What is wanted of a lane.
 *
 * @param template what is given and what is to be filled
 * @param predictor how the steps use the score
 * @param steps steps of the predictor, at least 1
 * @param temperature divides the log scores of the tokens, given that a position changes; above 0
 * @param topP share of the tokens' probability that is kept, most probable first; in (0, 1]
 * @param seed start of all randomness
 * @param sample which of several independent samples with this seed
 */
public record LaneRequest(
    Template template,
    Predictor predictor,
    int steps,
    double temperature,
    double topP,
    long seed,
    int sample) {

  public LaneRequest {
    Objects.requireNonNull(template, "template");
    Objects.requireNonNull(predictor, "predictor");
    if (steps < 1) {
      throw new IllegalArgumentException("steps must be at least 1, not " + steps);
    }
    if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("temperature must be above 0, not " + temperature);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP must lie in (0, 1], not " + topP);
    }
    if (sample < 0) {
      throw new IllegalArgumentException("sample must be at least 0, not " + sample);
    }
  }

  /** The model's own distribution: temperature 1, all of the probability, sample 0. */
  public LaneRequest(Template template, Predictor predictor, int steps, long seed) {
    this(template, predictor, steps, 1, 1, seed, 0);
  }

  /** What a job asks of one of its samples. */
  public static LaneRequest of(GenerationJob job, Template template, int sample) {
    Predictor predictor =
        switch (job.predictor()) {
          case EULER -> Predictor.EULER;
          case ANALYTIC -> Predictor.ANALYTIC;
        };
    return new LaneRequest(
        template,
        predictor,
        job.steps(),
        job.temperature(),
        job.topP(),
        job.effectiveSeed(),
        sample);
  }
}
