package io.sedd.worker.scheduling;

import io.sedd.protocol.job.GenerationResult.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What one device takes out of the queue. Its denoising thread asks here for jobs and hears here of
 * those that need not be finished; every other call is for any thread.
 *
 * <p>All feeds of a scheduler give out the same ready jobs in the same order, each once. Where
 * several devices have room each takes its share and no more: as many rows as make all of them
 * carry the same. A burst that comes between the steps of one device is so not all its own. What is
 * left to a device that is in a step waits until the step is over, as it would if that device were
 * the only one; an idle device never leaves a job.
 */
public final class DeviceFeed {

  private final SchedulerLock lock;
  private final Clock clock;

  /** Running jobs that need not be finished, from any thread to the denoising one. */
  private final Queue<ScheduledJob> withdrawn = new ConcurrentLinkedQueue<>();

  // guarded by the lock
  private final JobBook jobs;
  private final Departures departures;
  private final List<DeviceFeed> all;
  private long rows;
  private boolean room = true;
  private boolean called;

  /**
   * A feed of a device with an empty batch.
   *
   * @param all feeds of the scheduler; this one is put to them
   */
  DeviceFeed(
      SchedulerLock lock, JobBook jobs, Departures departures, List<DeviceFeed> all, Clock clock) {
    this.lock = lock;
    this.jobs = jobs;
    this.departures = departures;
    this.all = all;
    this.clock = clock;
  }

  // --- for the device's denoising thread

  /**
   * The next job to run, if one is ready and no other device should have it; there is room for it.
   * One that may not begin any more is ended instead.
   */
  public Optional<ScheduledJob> poll() {
    return lock.locked(
        () -> {
          room = true;
          Optional<ScheduledJob> next = jobs.ready();
          while (next.isPresent() && next.get().expired(clock)) {
            departures.end(next.get(), Outcome.EXPIRED);
            next = jobs.ready();
          }
          if (hasItsShare()) {
            return Optional.empty();
          }
          next.ifPresent(job -> jobs.run(job, this));
          return next;
        });
  }

  /** The device takes no job until the next {@link #poll}. */
  public void full() {
    lock.run(() -> room = false);
  }

  /** The next running job that need not be finished, if there is one; it may have ended already. */
  public Optional<ScheduledJob> nextWithdrawn() {
    return Optional.ofNullable(withdrawn.poll());
  }

  /** Waits until a job is ready or {@link #wake} is called, at most so long. */
  public void await(Duration limit) throws InterruptedException {
    await(limit, true);
  }

  /** Waits until {@link #wake} is called, at most so long. */
  public void rest(Duration limit) throws InterruptedException {
    await(limit, false);
  }

  private void await(Duration limit, boolean forJobs) throws InterruptedException {
    lock.waiting(
        news -> {
          long left = limit.toNanos();
          while (!(forJobs && jobs.ready().isPresent() && !hasItsShare()) && !called && left > 0) {
            left = news.awaitNanos(left);
          }
          called = false;
        });
  }

  // --- for other threads

  /** Ends a present or the next {@link #await} or {@link #rest}. */
  public void wake() {
    lock.run(
        () -> {
          called = true;
          lock.tell();
        });
  }

  // --- called with the lock held

  /** Whether it carries as much as each will when all that is ready is shared out evenly. */
  private boolean hasItsShare() {
    long devices = 0;
    long rowsOfAll = jobs.readyRows();
    for (DeviceFeed feed : all) {
      if (feed.room || feed == this) {
        devices++;
        rowsOfAll += feed.rows;
      }
    }
    return devices > 1 && rows * devices >= rowsOfAll;
  }

  /** A job runs on the device. */
  void carries(ScheduledJob job) {
    rows += job.delivery().rows();
  }

  /** A job that ran on the device is gone. */
  void carriesNoMore(ScheduledJob job) {
    rows -= job.delivery().rows();
  }

  /** A job that runs on the device need not be finished. */
  void withdraw(ScheduledJob job) {
    withdrawn.add(job);
  }
}
