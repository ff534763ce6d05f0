package io.sedd.worker.scheduling;

import java.time.Duration;

/**
 * How jobs wait.
 *
 * @param maxTokenSteps the queue is full when the jobs here, running ones included, take so many
 *     tokens times steps, and open again at three quarters of it
 * @param maxBytes likewise for the memory that they take
 * @param ageing a waiting job rises by one priority each time this has passed
 * @param retry of jobs that failed
 */
public record QueueSettings(long maxTokenSteps, long maxBytes, Duration ageing, RetryPolicy retry) {

  private static final long SOME_BYTES = 1L << 27;
  private static final RetryPolicy SOME_RETRIES = new RetryPolicy(5, Duration.ofSeconds(1));

  public QueueSettings {
    if (maxTokenSteps < 1) {
      throw new IllegalArgumentException("maxTokenSteps must be at least 1, not " + maxTokenSteps);
    }
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes must be at least 1, not " + maxBytes);
    }
    if (!ageing.isPositive()) {
      throw new IllegalArgumentException("ageing must be a positive time, not " + ageing);
    }
  }

  /** With 128 MiB, and five starts of a job, the second after a second. */
  public QueueSettings(long maxTokenSteps, Duration ageing) {
    this(maxTokenSteps, SOME_BYTES, ageing, SOME_RETRIES);
  }
}
