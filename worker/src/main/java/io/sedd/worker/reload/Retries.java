package io.sedd.worker.reload;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * When something that failed for a reason that may pass, such as a full disk, is tried again: after
 * a while that doubles with each failure in a row, up to {@link #LONGEST}. Owned by the reloading
 * thread.
 */
final class Retries {

  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Duration shortest;
  private final Clock clock;
  private Duration pause;
  private Instant due = Instant.MIN;

  Retries(Duration shortest, Clock clock) {
    this.shortest = shortest;
    this.clock = clock;
    this.pause = shortest;
  }

  boolean due() {
    return !clock.instant().isBefore(due);
  }

  void failed() {
    due = clock.instant().plus(pause);
    pause = pause.multipliedBy(2).compareTo(LONGEST) < 0 ? pause.multipliedBy(2) : LONGEST;
  }

  /** It went well, or is something else now: the next attempt is at once. */
  void reset() {
    pause = shortest;
    due = Instant.MIN;
  }
}
