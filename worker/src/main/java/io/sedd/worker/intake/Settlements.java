package io.sedd.worker.intake;

import io.sedd.worker.publishing.Settlement;

/** Where the later stages say how a job ended. */
@FunctionalInterface
public interface Settlements {

  /**
   * Settles a job: its result will be published and its record will count as done, both or neither.
   * Thread-safe, returns at once. A job that was given back in the meantime is ignored.
   */
  void settle(RecordPosition position, Settlement settlement);
}
