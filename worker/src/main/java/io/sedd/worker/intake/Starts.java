package io.sedd.worker.intake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Starts jobs and sees to it that every start is on record in Kafka, so that a job which ends its
 * process is known to the next one. Owned by the intake's thread.
 *
 * <p>A job is marked first and started when the broker has the mark, except a job whose record came
 * during this very lease: that one is started at once, and marked by the next transaction if it
 * still runs {@value #GRACE_MILLIS} ms later. A lone short job so costs one transaction and not
 * two.
 *
 * <p>Poison stays isolated. A job that ends its process before its mark is committed dies uncounted
 * only once: to the next lease its record is an old one, which is marked before every start. So the
 * count may lack the first death, and never any other. Exactly-once delivery does not depend on
 * marks at all: a result and its offset are one transaction, marked or not.
 */
final class Starts {

  private static final long GRACE_MILLIS = 20;
  private static final long GRACE_NANOS = Duration.ofMillis(GRACE_MILLIS).toNanos();

  private final Leases leases;
  private final JobSink sink;

  /** To be started as soon as their marks are committed. */
  private List<Delivery> claimed = List.of();

  /** Running without a mark. */
  private List<Delivery> unmarked = List.of();

  private long oldestUnmarked;

  Starts(Leases leases, JobSink sink) {
    this.leases = leases;
    this.sink = sink;
  }

  /** Asks for the next jobs, and starts those that may start without a mark. */
  void claim() {
    if (!claimed.isEmpty()) {
      return;
    }
    List<Delivery> atOnce = new ArrayList<>();
    List<Delivery> afterMark = new ArrayList<>();
    for (Delivery delivery : sink.claim()) {
      (needsNoMark(delivery) ? atOnce : afterMark).add(delivery);
    }
    claimed = afterMark;
    if (!atOnce.isEmpty()) {
      if (unmarked.isEmpty()) {
        oldestUnmarked = System.nanoTime();
      }
      unmarked = concat(unmarked, atOnce);
      start(atOnce);
    }
  }

  private boolean needsNoMark(Delivery delivery) {
    RecordPosition position = delivery.position();
    return delivery.attempt() == 1
        && leases.of(position).map(lease -> lease.sawItCome(position.offset())).orElse(false);
  }

  /** Whether marks are wanted even if nothing else is to be committed. */
  boolean due() {
    unmarked = unmarked.stream().filter(this::runs).toList();
    return !claimed.isEmpty()
        || (!unmarked.isEmpty() && System.nanoTime() - oldestUnmarked > GRACE_NANOS);
  }

  /** Puts all marks that are wanting into a plan. */
  void mark(CommitPlan plan) {
    unmarked = unmarked.stream().filter(this::runs).toList();
    for (Delivery delivery : concat(claimed, unmarked)) {
      leases
          .of(delivery.position())
          .ifPresent(
              lease -> plan.started(lease, delivery.position().offset(), delivery.attempt()));
    }
  }

  /** The broker has the plan that was marked last. */
  void marked() {
    List<Delivery> starting = claimed;
    claimed = List.of();
    unmarked = List.of();
    start(starting);
  }

  private void start(List<Delivery> starting) {
    for (Delivery delivery : starting) {
      held(delivery).ifPresent(held -> held.start(delivery.attempt()));
    }
    sink.start(starting);
  }

  /** Drops what belongs to no lease any more. */
  void forgetForeign() {
    claimed = claimed.stream().filter(d -> leases.of(d.position()).isPresent()).toList();
  }

  /** Drops the claims of leases that are about to end. */
  void leave(Collection<PartitionLease> leaving) {
    claimed =
        claimed.stream()
            .filter(d -> leaving.stream().noneMatch(lease -> lease.holds(d.position())))
            .toList();
  }

  private boolean runs(Delivery delivery) {
    return held(delivery).map(HeldRecord::running).orElse(false);
  }

  private Optional<HeldRecord> held(Delivery delivery) {
    RecordPosition position = delivery.position();
    return leases.of(position).map(lease -> lease.held(position.offset()));
  }

  private static List<Delivery> concat(List<Delivery> first, List<Delivery> second) {
    if (first.isEmpty()) {
      return second;
    }
    List<Delivery> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
