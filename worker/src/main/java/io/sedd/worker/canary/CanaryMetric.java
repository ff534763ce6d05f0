package io.sedd.worker.canary;

import java.util.Locale;

/** What is compared. */
public enum CanaryMetric {
  /** Share of the jobs that failed on the device: scores not finite, or a step that failed. */
  NONFINITE,
  /** Mean relative entropy of a job's tokens. */
  ENTROPY,
  /** Mean share of repeated runs of four tokens. */
  REPETITION;

  /** As a label of metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
