package io.sedd.worker.scheduling;

import java.time.Duration;

/**
 * How jobs wait.
 *
 * @param maxTokenSteps the queue is full at so many tokens times steps, and open again at three
 *     quarters of it
 * @param ageing a waiting job rises by one priority each time this has passed
 */
public record QueueSettings(long maxTokenSteps, Duration ageing) {

  public QueueSettings {
    if (maxTokenSteps < 1) {
      throw new IllegalArgumentException("maxTokenSteps must be at least 1, not " + maxTokenSteps);
    }
    if (!ageing.isPositive()) {
      throw new IllegalArgumentException("ageing must be a positive time, not " + ageing);
    }
  }

  /** Where a full queue opens again. */
  long reopenTokenSteps() {
    return maxTokenSteps - maxTokenSteps / 4;
  }
}
