package io.sedd.worker.intake;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Starts the jobs of all lanes of a share group. A start needs no mark: the broker counts
 * deliveries. Thread-safe; its lock keeps a job from being started by one lane while another
 * withdraws it.
 */
final class LaneStarts {

  private final JobSink sink;

  /** Started and not ended; guarded by this. */
  private final Set<RecordPosition> running = new HashSet<>();

  LaneStarts(JobSink sink) {
    this.sink = sink;
  }

  /** Starts whatever may be started now, of any lane. */
  synchronized void startNext() {
    List<Delivery> next = sink.claim();
    if (!next.isEmpty()) {
      next.forEach(delivery -> running.add(delivery.position()));
      sink.start(next);
    }
  }

  /** Forgets jobs that are not started. */
  synchronized void withdraw(Predicate<RecordPosition> gone) {
    sink.withdraw(gone);
  }

  /** Forgets jobs, running or not. */
  synchronized void abandon(Predicate<RecordPosition> gone) {
    sink.abandon(gone);
    running.removeIf(gone);
  }

  synchronized void ended(RecordPosition position) {
    running.remove(position);
  }

  synchronized boolean runs(RecordPosition position) {
    return running.contains(position);
  }
}
