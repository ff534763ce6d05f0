package io.sedd.worker.scheduling;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Waiting jobs in their order: level, then deadline, then arrival. A job's level begins at its
 * priority (1 is first) and falls by one every time the ageing period has passed, without end, so
 * that every job overtakes all that come late enough after it. Not thread-safe.
 */
final class WaitingJobs {

  private static final Comparator<ScheduledJob> BY_ARRIVAL =
      Comparator.comparingLong(ScheduledJob::sequence);

  private final Duration ageing;

  private final TreeSet<ScheduledJob> order =
      new TreeSet<>(
          Comparator.comparingInt(ScheduledJob::level)
              .thenComparing(ScheduledJob::deadline)
              .thenComparing(BY_ARRIVAL));

  private final TreeSet<ScheduledJob> byNextRise =
      new TreeSet<>(Comparator.comparing(ScheduledJob::nextRise).thenComparing(BY_ARRIVAL));

  private final TreeSet<ScheduledJob> byDeadline =
      new TreeSet<>(Comparator.comparing(ScheduledJob::deadline).thenComparing(BY_ARRIVAL));

  private long tokenSteps;
  private long steps;

  WaitingJobs(Duration ageing) {
    this.ageing = ageing;
  }

  void add(ScheduledJob job) {
    order.add(job);
    byNextRise.add(job);
    byDeadline.add(job);
    tokenSteps += job.delivery().tokenSteps();
    steps += steps(job);
  }

  void remove(ScheduledJob job) {
    order.remove(job);
    byNextRise.remove(job);
    byDeadline.remove(job);
    tokenSteps -= job.delivery().tokenSteps();
    steps -= steps(job);
  }

  /** The next job at this moment; stays in. */
  Optional<ScheduledJob> next(Instant now) {
    while (!byNextRise.isEmpty() && !byNextRise.getFirst().nextRise().isAfter(now)) {
      ScheduledJob rising = byNextRise.pollFirst();
      order.remove(rising);
      rising.rise(rising.nextRise().plus(ageing));
      order.add(rising);
      byNextRise.add(rising);
    }
    return order.isEmpty() ? Optional.empty() : Optional.of(order.getFirst());
  }

  /** Takes out the jobs whose deadline has passed. */
  List<ScheduledJob> removeExpired(Instant now) {
    List<ScheduledJob> expired = new ArrayList<>();
    while (!byDeadline.isEmpty() && !byDeadline.getFirst().deadline().isAfter(now)) {
      ScheduledJob job = byDeadline.getFirst();
      remove(job);
      expired.add(job);
    }
    return expired;
  }

  /** Takes out the jobs that match. */
  List<ScheduledJob> removeIf(Predicate<ScheduledJob> leaves) {
    List<ScheduledJob> leaving = order.stream().filter(leaves).toList();
    leaving.forEach(this::remove);
    return leaving;
  }

  int size() {
    return order.size();
  }

  /** Tokens times steps of all jobs. */
  long tokenSteps() {
    return tokenSteps;
  }

  /** Steps of all samples of all jobs. */
  long steps() {
    return steps;
  }

  private static long steps(ScheduledJob job) {
    return (long) job.delivery().job().samples() * job.delivery().job().steps();
  }
}
