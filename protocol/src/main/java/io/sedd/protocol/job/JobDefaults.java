package io.sedd.protocol.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What the fields of a job are where it leaves them out; the same as in the schema file. */
public final class JobDefaults {

  public static final int SAMPLES = 1;
  public static final int STEPS = 64;
  public static final PredictorName PREDICTOR = PredictorName.ANALYTIC;
  public static final double TEMPERATURE = 1;
  public static final double TOP_P = 1;
  public static final int PRIORITY = 5;
  public static final int PROGRESS_EVERY = 0;

  private JobDefaults() {}

  /** The job that has an id and a template, and nothing else said. */
  public static GenerationJob job(String id, List<Segment> template) {
    return new GenerationJob(
        id,
        template,
        SAMPLES,
        STEPS,
        PREDICTOR,
        TEMPERATURE,
        TOP_P,
        OptionalLong.empty(),
        PRIORITY,
        Optional.empty(),
        Optional.empty(),
        PROGRESS_EVERY,
        Map.of());
  }
}
