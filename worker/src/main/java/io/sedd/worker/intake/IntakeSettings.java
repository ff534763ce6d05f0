package io.sedd.worker.intake;

import java.time.Duration;

/**
 * How the intake behaves.
 *
 * @param topic the jobs topic
 * @param maxAttempts starts of a job without an end after which it becomes a dead letter, 1 to 7
 * @param drainLimit how long running jobs may go on when their partition is asked back; below the
 *     group's rebalance timeout (Kafka's {@code max.poll.interval.ms})
 */
public record IntakeSettings(String topic, int maxAttempts, Duration drainLimit) {

  public IntakeSettings {
    if (maxAttempts < 1 || maxAttempts > OffsetTracker.MOST_STARTS) {
      throw new IllegalArgumentException(
          "maxAttempts must lie in 1.." + OffsetTracker.MOST_STARTS + ", not " + maxAttempts);
    }
  }
}
