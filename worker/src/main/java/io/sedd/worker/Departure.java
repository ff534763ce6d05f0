package io.sedd.worker;

import io.sedd.worker.intake.JobSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a worker leaves its group: it fetches nothing more, what runs may end within the limit and
 * has its result confirmed, the rest is given back, and then other workers have the partitions. The
 * rest of the process goes on, so that its numbers can be read to the end. Thread-safe.
 */
final class Departure {

  private static final Logger log = LoggerFactory.getLogger(Departure.class);

  /** Confirming results and leaving the group took 0.5 s with 200 jobs on a busy machine. */
  private static final Duration MOST_FOR_LEAVING = Duration.ofSeconds(3);

  private final JobSource source;
  private final Duration limit;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  /**
   * Not begun.
   *
   * @param limit for the whole of it; a fifth, 3 s at most, is kept for confirming and leaving
   */
  Departure(JobSource source, Duration limit) {
    this.source = source;
    this.limit = limit;
  }

  /** Begins it on a thread of its own; true if it was not begun before. */
  boolean begin() {
    if (!begun.compareAndSet(false, true)) {
      return false;
    }
    Thread.ofPlatform().name("sedd-drain").start(this::leave);
    return true;
  }

  private void leave() {
    log.info("draining: takes no further job; those that run have {}", forJobs());
    long start = System.nanoTime();
    try {
      source.stop(forJobs());
      log.info(
          "drained in {} ms: the group has what was not finished",
          Duration.ofNanos(System.nanoTime() - start).toMillis());
      done.complete(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      done.completeExceptionally(e);
    } catch (RuntimeException | Error e) {
      log.error("draining failed", e);
      done.completeExceptionally(e);
    }
  }

  /**
   * Leaves on this thread, or waits until it is done; without patience, as after a fault, what runs
   * is given back with its start on record, for it may be the fault.
   */
  void finish(boolean patient) throws InterruptedException {
    if (patient) {
      source.stop(forJobs());
    } else {
      source.giveUp();
    }
  }

  private Duration forJobs() {
    Duration fifth = limit.dividedBy(5);
    return limit.minus(fifth.compareTo(MOST_FOR_LEAVING) < 0 ? fifth : MOST_FOR_LEAVING);
  }

  boolean begun() {
    return begun.get();
  }

  /** Done when the worker has left its group. */
  CompletableFuture<Void> done() {
    return done;
  }
}
