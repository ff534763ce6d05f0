package io.sedd.worker.scheduling;

import java.time.Duration;

/**
 * How often and when a job that failed is started again.
 *
 * @param maxAttempts starts in all; a job that fails the last of them is a dead letter
 * @param backoff between the first failure and the second start; doubles with each failure, up to
 *     {@value #MOST_DOUBLINGS} times
 */
public record RetryPolicy(int maxAttempts, Duration backoff) {

  private static final int MOST_DOUBLINGS = 6;

  public RetryPolicy {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts must be at least 1, not " + maxAttempts);
    }
    if (backoff.isNegative()) {
      throw new IllegalArgumentException("backoff must not be negative, but is " + backoff);
    }
  }

  /** Whether a job may be started again whose so manyth start has failed. */
  boolean another(int attempt) {
    return attempt < maxAttempts;
  }

  /** How long a job waits whose so manyth start has failed, from 1. */
  Duration backoffAfter(int attempt) {
    return backoff.multipliedBy(1L << Math.min(attempt - 1, MOST_DOUBLINGS));
  }
}
