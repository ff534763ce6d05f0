package io.sedd.worker.scheduling;

import io.sedd.worker.intake.Delivery;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * A job between its arrival and its end. Its state is guarded by the {@link JobScheduler}; only
 * what is volatile may be read by others.
 */
public final class ScheduledJob {

  /** How far a job has come. */
  enum Stage {
    WAITING,
    /** Its start is being noted in Kafka. */
    CLAIMED,
    /** May be taken by the denoiser. */
    READY,
    RUNNING,
    ENDED
  }

  /** Why a running job need not be finished. */
  public enum Withdrawal {
    NONE,
    /** Its sender cancelled it: it ends with a result that says so. */
    CANCELLED,
    /** Its partition is gone: nobody takes its result. */
    ABANDONED
  }

  private final long sequence;
  private final Delivery delivery;
  private final boolean alone;
  private final Instant notBefore;
  private final Instant expiry;
  private final long bytes;
  private Stage stage = Stage.WAITING;
  private Optional<DeviceFeed> feed = Optional.empty();
  private int level;
  private Instant nextRise;
  private volatile Withdrawal withdrawal = Withdrawal.NONE;

  /**
   * A job that waits.
   *
   * @param sequence later jobs have higher ones
   * @param notBefore it may not be started earlier
   * @param nextRise when it has waited long enough to rise by one priority
   */
  ScheduledJob(
      long sequence, Delivery delivery, boolean alone, Instant notBefore, Instant nextRise) {
    this.sequence = sequence;
    this.delivery = delivery;
    this.alone = alone;
    this.notBefore = notBefore;
    this.level = delivery.job().priority();
    this.nextRise = nextRise;
    this.expiry = expiry(delivery);
    this.bytes = JobFootprint.bytes(delivery.job());
  }

  private static Instant expiry(Delivery delivery) {
    Instant deadline = delivery.job().deadline().orElse(Instant.MAX);
    return delivery
        .job()
        .queueTtl()
        .map(ttl -> delivery.sent().plus(ttl))
        .filter(end -> end.isBefore(deadline))
        .orElse(deadline);
  }

  /** The job as it was delivered. */
  public Delivery delivery() {
    return delivery;
  }

  /** Whether nothing else may run beside it. */
  public boolean alone() {
    return alone;
  }

  /** Whether and why the job need not be finished; may be read by any thread. */
  public Withdrawal withdrawal() {
    return withdrawal;
  }

  /** The moment after which its result is of no use; far in the future if there is none. */
  public Instant deadline() {
    return delivery.job().deadline().orElse(Instant.MAX);
  }

  /**
   * The moment after which it may not begin: its deadline, or earlier, the end of its queue time.
   */
  Instant expiry() {
    return expiry;
  }

  boolean expired(Clock clock) {
    return hasExpiry() && !expiry.isAfter(clock.instant());
  }

  boolean hasExpiry() {
    return !expiry.equals(Instant.MAX);
  }

  /** Later jobs have higher ones. */
  public long sequence() {
    return sequence;
  }

  Instant notBefore() {
    return notBefore;
  }

  /** Memory that it takes. */
  long bytes() {
    return bytes;
  }

  int level() {
    return level;
  }

  Instant nextRise() {
    return nextRise;
  }

  void rise(Instant next) {
    level--;
    nextRise = next;
  }

  Stage stage() {
    return stage;
  }

  void enter(Stage next) {
    stage = next;
  }

  void runOn(DeviceFeed device) {
    stage = Stage.RUNNING;
    feed = Optional.of(device);
  }

  /** Of the device that it runs on; for a running job alone. */
  DeviceFeed feed() {
    return feed.orElseThrow();
  }

  void withdraw(Withdrawal why) {
    if (withdrawal != Withdrawal.ABANDONED) {
      withdrawal = why;
    }
  }
}
