package io.sedd.worker.scheduling;

import io.sedd.worker.intake.Delivery;
import java.time.Instant;

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
  private Stage stage = Stage.WAITING;
  private int level;
  private Instant nextRise;
  private volatile Withdrawal withdrawal = Withdrawal.NONE;

  ScheduledJob(long sequence, Delivery delivery, boolean alone, Instant nextRise) {
    this.sequence = sequence;
    this.delivery = delivery;
    this.alone = alone;
    this.level = delivery.job().priority();
    this.nextRise = nextRise;
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

  long sequence() {
    return sequence;
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

  void withdraw(Withdrawal why) {
    if (withdrawal != Withdrawal.ABANDONED) {
      withdrawal = why;
    }
  }
}
