package io.sedd.worker.metrics;

import java.util.Arrays;
import java.util.Optional;

/** What the labels of metrics mean. Their values are few and known; none is made of a job. */
enum MetricLabel {
  OUTCOME(
      "for jobs: completed, failed, expired, cancelled; for reloads: served, refused, deferred"
          + " (tried again later); for trials: promoted, refused, superseded (by a newer one),"
          + " overruled (by an operator)"),
  KIND(
      "what a job's template asks for: free (nothing is given), prefix (text, then blanks), infill"
          + " (anything else)"),
  REASON("of a dead letter: the error code, as in results; of a retry: what went wrong"),
  DEVICE("number of the device in the worker's configuration; 0 where it names none"),
  PHASE("of a step: forward (the blocks), head (vocabulary projection), draw, host (the rest)"),
  STATE("of memory: used, free"),
  METRIC("what is compared: nonfinite, entropy, repetition"),
  SIDE("of a trial: candidate, serving"),
  ID("name of the checkpoint's folder"),
  STEP("training step of the checkpoint; empty where its files do not say"),
  SHA("SHA-256 of the checkpoint"),
  VERSION("of this software"),
  JAVA("version of the Java runtime");

  private final String meaning;

  MetricLabel(String meaning) {
    this.meaning = meaning;
  }

  /** The label of a name, if there is one. */
  static Optional<MetricLabel> of(String name) {
    return Arrays.stream(values()).filter(label -> label.label().equals(name)).findFirst();
  }

  String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  String meaning() {
    return meaning;
  }
}
