package io.sedd.protocol.job;

/** The predictors a job may ask for, by their names in the literature. */
public enum PredictorName {
  /** One Euler step of the reverse process. */
  EULER,
  /** The Tweedie step: the score integrated exactly over the step. */
  ANALYTIC;

  /** The name in messages: lower case. */
  public String wireName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
