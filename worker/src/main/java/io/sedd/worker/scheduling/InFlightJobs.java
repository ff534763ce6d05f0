package io.sedd.worker.scheduling;

import io.sedd.worker.intake.RecordPosition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Jobs between their claim and their end, and what they add up to. Not thread-safe. */
final class InFlightJobs {

  private final Map<RecordPosition, ScheduledJob> jobs = new HashMap<>();
  private long rows;
  private long tokenSteps;
  private int alone;

  void add(ScheduledJob job) {
    jobs.put(job.delivery().position(), job);
    rows += job.delivery().rows();
    tokenSteps += job.delivery().tokenSteps();
    alone += job.alone() ? 1 : 0;
  }

  void remove(ScheduledJob job) {
    if (jobs.remove(job.delivery().position(), job)) {
      rows -= job.delivery().rows();
      tokenSteps -= job.delivery().tokenSteps();
      alone -= job.alone() ? 1 : 0;
    }
  }

  Optional<ScheduledJob> at(RecordPosition position) {
    return Optional.ofNullable(jobs.get(position));
  }

  /** The jobs that match; looks at all. */
  List<ScheduledJob> matching(Predicate<ScheduledJob> wanted) {
    return jobs.values().stream().filter(wanted).toList();
  }

  int size() {
    return jobs.size();
  }

  boolean isEmpty() {
    return jobs.isEmpty();
  }

  /** Token rows of all samples. */
  long rows() {
    return rows;
  }

  /** Token rows times steps. */
  long tokenSteps() {
    return tokenSteps;
  }

  /** Whether one of them tolerates no other. */
  boolean hasAlone() {
    return alone > 0;
  }
}
