package io.sedd.worker.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * The series that are there before anything has happened. Prometheus sees no rise in a counter that
 * begins at 1, so that the first dead letter of a worker would go unnoticed.
 */
final class FirstSeries {

  static final List<String> JOB_OUTCOMES = List.of("completed", "failed", "expired", "cancelled");
  static final List<String> JOB_KINDS = List.of("free", "prefix", "infill");
  static final List<String> PHASES = List.of("forward", "head", "draw", "host");
  static final List<String> RETRY_REASONS = List.of("device_lost", "out_of_memory", "step_failed");
  static final List<String> ERROR_CODES =
      List.of(
          "not_json",
          "too_large",
          "unknown_field",
          "missing_field",
          "wrong_type",
          "out_of_range",
          "empty_template",
          "no_blank",
          "too_long",
          "unknown_token",
          "not_tokenizable",
          "not_finite",
          "device",
          "internal");
  static final List<String> CANARY_METRICS = List.of("nonfinite", "entropy", "repetition");
  static final List<String> SIDES = List.of("candidate", "serving");
  static final List<String> TRIAL_OUTCOMES =
      List.of("promoted", "refused", "superseded", "overruled");
  static final List<String> RELOAD_OUTCOMES = List.of("served", "refused", "deferred");

  private FirstSeries() {}

  /**
   * Label values of each, for a worker of these devices; none where they cannot be known, or there
   * are no labels.
   */
  static List<List<String>> of(Metric metric, List<String> devices) {
    return switch (metric) {
      case JOBS -> product(JOB_OUTCOMES, JOB_KINDS);
      case JOB_DURATION_SECONDS -> product(JOB_KINDS);
      case BATCH_ROWS,
          BATCH_FILL_RATIO,
          MASKED_POSITIONS,
          DENOISE_STEPS,
          STEP_FAILURES,
          OUT_OF_MEMORY ->
          product(devices);
      case DENOISE_STEP_SECONDS -> product(devices, PHASES);
      case RETRIES -> product(RETRY_REASONS);
      case DEAD_LETTERS -> product(ERROR_CODES);
      case CANARY_DIVERGENCE -> product(CANARY_METRICS);
      case CANARY_JOBS -> product(SIDES);
      case CANARY_TRIALS -> product(TRIAL_OUTCOMES);
      case RELOADS -> product(RELOAD_OUTCOMES);
      default -> List.of();
    };
  }

  @SafeVarargs
  private static List<List<String>> product(List<String>... values) {
    List<List<String>> rows = List.of(List.of());
    for (List<String> column : values) {
      List<List<String>> longer = new ArrayList<>();
      for (List<String> row : rows) {
        for (String value : column) {
          List<String> next = new ArrayList<>(row);
          next.add(value);
          longer.add(next);
        }
      }
      rows = longer;
    }
    return rows;
  }
}
