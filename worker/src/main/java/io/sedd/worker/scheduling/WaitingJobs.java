package io.sedd.worker.scheduling;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Waiting jobs in their order: level, then deadline, then arrival. A job's level begins at its
 * priority (1 is first) and falls by one every time the ageing period has passed, without end, so
 * that every job overtakes all that come late enough after it. A job that may not start yet stands
 * outside the order, and ages. Not thread-safe.
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

  private final TreeSet<ScheduledJob> delayed =
      new TreeSet<>(Comparator.comparing(ScheduledJob::notBefore).thenComparing(BY_ARRIVAL));

  private final TreeSet<ScheduledJob> byNextRise =
      new TreeSet<>(Comparator.comparing(ScheduledJob::nextRise).thenComparing(BY_ARRIVAL));

  /** Only those that can expire. */
  private final TreeSet<ScheduledJob> byExpiry =
      new TreeSet<>(Comparator.comparing(ScheduledJob::expiry).thenComparing(BY_ARRIVAL));

  private long tokenSteps;
  private long steps;

  WaitingJobs(Duration ageing) {
    this.ageing = ageing;
  }

  void add(ScheduledJob job, Instant now) {
    (job.notBefore().isAfter(now) ? delayed : order).add(job);
    byNextRise.add(job);
    if (job.hasExpiry()) {
      byExpiry.add(job);
    }
    tokenSteps += job.delivery().tokenSteps();
    steps += steps(job);
  }

  void remove(ScheduledJob job) {
    if (!byNextRise.remove(job)) {
      return;
    }
    if (!order.remove(job)) {
      delayed.remove(job);
    }
    if (job.hasExpiry()) {
      byExpiry.remove(job);
    }
    tokenSteps -= job.delivery().tokenSteps();
    steps -= steps(job);
  }

  /** The next job at this moment; stays in. */
  Optional<ScheduledJob> next(Instant now) {
    while (!delayed.isEmpty() && !delayed.getFirst().notBefore().isAfter(now)) {
      order.add(delayed.pollFirst());
    }
    while (!byNextRise.isEmpty() && !byNextRise.getFirst().nextRise().isAfter(now)) {
      rise(byNextRise.pollFirst());
    }
    return order.isEmpty() ? Optional.empty() : Optional.of(order.getFirst());
  }

  private void rise(ScheduledJob job) {
    boolean ordered = order.remove(job);
    job.rise(job.nextRise().plus(ageing));
    if (ordered) {
      order.add(job);
    }
    byNextRise.add(job);
  }

  /** All of them, first those that may start. */
  Stream<ScheduledJob> inOrder() {
    return Stream.concat(order.stream(), delayed.stream());
  }

  /** A job that may not begin any more, if there is one; stays in. */
  Optional<ScheduledJob> expired(Instant now) {
    return byExpiry.isEmpty() || byExpiry.getFirst().expiry().isAfter(now)
        ? Optional.empty()
        : Optional.of(byExpiry.getFirst());
  }

  /** The jobs that match; looks at all. */
  List<ScheduledJob> matching(Predicate<ScheduledJob> wanted) {
    return byNextRise.stream().filter(wanted).toList();
  }

  /** Whether none may start yet, as far as {@link #next} has looked. */
  boolean nothingDue() {
    return order.isEmpty();
  }

  int size() {
    return byNextRise.size();
  }

  boolean isEmpty() {
    return byNextRise.isEmpty();
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
