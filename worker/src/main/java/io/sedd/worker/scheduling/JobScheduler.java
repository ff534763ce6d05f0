package io.sedd.worker.scheduling;

import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.JobSink;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.intake.Settlements;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.scheduling.ScheduledJob.Stage;
import io.sedd.worker.scheduling.ScheduledJob.Withdrawal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Where jobs wait and from where they are started. The intake's thread puts them in and notes their
 * starts, the denoising thread of each device takes them out through its {@link DeviceFeed}, the
 * control thread cancels them.
 *
 * <ul>
 *   <li>Bounded in token·steps and in bytes, running jobs included. Jobs that would fill the
 *       batches of all devices and a quarter more are started ahead, so that no device waits for
 *       Kafka and the order is settled late.
 *   <li>A job that is alone starts when nothing else runs on any device, and nothing starts beside
 *       it: what it may end is the process.
 *   <li>A job that expires or is cancelled before it runs ends here, with a result.
 *   <li>A job that failed and may be started again waits for its time like any other.
 *   <li>No call but {@link #withdraw} and {@link #abandon} looks at all jobs.
 * </ul>
 */
public final class JobScheduler implements JobSink {

  private final QueueSettings settings;
  private final long startRows;
  private final WorkerMetrics metrics;
  private final Clock clock;

  private final SchedulerLock lock = new SchedulerLock();

  // guarded by lock
  private final JobBook jobs;
  private final Departures departures;
  private final CancelledIds cancelled = new CancelledIds();
  private final List<DeviceFeed> feeds = new ArrayList<>();
  private boolean full;
  private boolean paused;

  /**
   * An empty scheduler.
   *
   * @param batchRows token rows of the batches of all devices together
   */
  public JobScheduler(
      QueueSettings settings,
      long batchRows,
      Settlements settlements,
      Results results,
      WorkerMetrics metrics,
      Clock clock) {
    this.settings = settings;
    this.startRows = batchRows + batchRows / 4;
    this.metrics = metrics;
    this.clock = clock;
    this.jobs = new JobBook(settings.ageing());
    this.departures = new Departures(jobs, settings.retry(), settlements, results, metrics, clock);
  }

  // --- for the intake

  /** A batch with room that no job waits for is fed all the same: one long job keeps none out. */
  @Override
  public boolean full() {
    return lock.locked(
        () -> {
          full =
              !jobs.hungry(startRows)
                  && (reaches(settings.maxTokenSteps(), jobs.tokenSteps())
                      || reaches(settings.maxBytes(), jobs.bytes()));
          return full || paused;
        });
  }

  @Override
  public boolean hungry() {
    return lock.locked(() -> !paused && jobs.hungry(startRows));
  }

  /** Against the bound while the queue is open, against three quarters of it while it is full. */
  private boolean reaches(long bound, long present) {
    return present >= (full ? bound - bound / 4 : bound);
  }

  @Override
  public void accept(Delivery delivery) {
    lock.run(
        () -> {
          ScheduledJob job = jobs.add(delivery, delivery.suspect(), Instant.MIN, clock.instant());
          if (cancelled.covers(delivery.job().id(), delivery.sent())) {
            departures.end(job, Outcome.CANCELLED);
          }
        });
  }

  @Override
  public List<Delivery> claim() {
    return lock.locked(
        () -> {
          Instant now = clock.instant();
          for (var late = jobs.expired(now); late.isPresent(); late = jobs.expired(now)) {
            departures.end(late.get(), Outcome.EXPIRED);
          }
          List<Delivery> claims = new ArrayList<>();
          if (!paused) {
            for (var next = jobs.claimNext(now, startRows);
                next.isPresent();
                next = jobs.claimNext(now, startRows)) {
              claims.add(next.get().delivery());
            }
          }
          showSizes();
          return claims;
        });
  }

  @Override
  public void start(List<Delivery> claimed) {
    lock.run(
        () -> {
          for (Delivery delivery : claimed) {
            jobs.claimed(delivery.position()).ifPresent(this::makeReady);
          }
          lock.tell();
        });
  }

  private void makeReady(ScheduledJob job) {
    if (job.withdrawal() == Withdrawal.CANCELLED) {
      departures.end(job, Outcome.CANCELLED);
    } else {
      jobs.makeReady(job);
    }
  }

  @Override
  public Set<RecordPosition> withdraw(Predicate<RecordPosition> gone) {
    return lock.locked(
        () -> {
          Set<RecordPosition> withdrawn = new HashSet<>();
          for (ScheduledJob job : at(gone)) {
            switch (job.stage()) {
              case WAITING, CLAIMED -> {
                if (job.stage() == Stage.WAITING) {
                  metrics.count(Metric.JOBS_WITHDRAWN);
                }
                jobs.leave(job);
                withdrawn.add(job.delivery().position());
              }
              case READY, RUNNING, ENDED -> {}
            }
          }
          showSizes();
          return withdrawn;
        });
  }

  @Override
  public void abandon(Predicate<RecordPosition> gone) {
    var _ = withdraw(gone);
    lock.run(
        () -> {
          for (ScheduledJob job : at(gone)) {
            if (job.stage() == Stage.RUNNING) {
              job.withdraw(Withdrawal.ABANDONED);
              job.feed().withdraw(job);
            } else {
              jobs.leave(job);
            }
          }
        });
  }

  private List<ScheduledJob> at(Predicate<RecordPosition> gone) {
    return jobs.matching(job -> gone.test(job.delivery().position()));
  }

  // --- for the operator

  /** Starts no further job and asks for none until {@link #resume}; true if that was news. */
  public boolean pause() {
    return setPaused(true);
  }

  /** Ends a pause; true if there was one. */
  public boolean resume() {
    return setPaused(false);
  }

  /** Whether there is a pause. */
  public boolean paused() {
    return lock.locked(() -> paused);
  }

  private boolean setPaused(boolean wanted) {
    return lock.locked(
        () -> {
          boolean changed = paused != wanted;
          paused = wanted;
          return changed;
        });
  }

  // --- for the control topic

  /**
   * Cancels a job: at once if it does not run yet, within one step if it runs, on arrival if it is
   * still to come.
   *
   * @param at when the cancellation was sent; jobs that are sent later under the same id are meant
   *     to run
   */
  public void cancel(String jobId, Instant at) {
    lock.run(
        () -> {
          cancelled.add(jobId, at);
          for (ScheduledJob job : jobs.of(jobId)) {
            if (!job.delivery().sent().isAfter(at)) {
              cancel(job);
            }
          }
        });
  }

  private void cancel(ScheduledJob job) {
    switch (job.stage()) {
      case WAITING, READY -> departures.end(job, Outcome.CANCELLED);
      // its start is on its way to the broker
      case CLAIMED -> job.withdraw(Withdrawal.CANCELLED);
      case RUNNING -> {
        job.withdraw(Withdrawal.CANCELLED);
        job.feed().withdraw(job);
      }
      case ENDED -> {}
    }
  }

  // --- for the denoising threads

  /** What one more device takes jobs from; each device has a feed of its own. */
  public DeviceFeed feed() {
    return lock.locked(
        () -> {
          DeviceFeed feed = new DeviceFeed(lock, jobs, departures, feeds, clock);
          feeds.add(feed);
          return feed;
        });
  }

  /** A running job has ended. Ignored for one that was abandoned. */
  public void finish(ScheduledJob job, Settlement settlement) {
    lock.run(() -> departures.finish(job, settlement));
  }

  /** A running job whose result nobody takes has been dropped. */
  public void drop(ScheduledJob job) {
    lock.run(() -> jobs.leave(job));
  }

  /**
   * A running job has failed. It is settled, or started again later.
   *
   * @param result what the job's sender gets if it is not started again
   */
  public void fail(ScheduledJob job, JobFailure failure, GenerationResult result) {
    lock.run(() -> departures.fail(job, failure, result));
  }

  /** The waiting jobs that are first in the order at this moment, at most so many. */
  public List<Delivery> nextWaiting(int most) {
    return lock.locked(() -> jobs.nextWaiting(most));
  }

  /** Whether nothing waits and nothing runs. */
  public boolean idle() {
    return lock.locked(jobs::isEmpty);
  }

  // --- all below is called with the lock held

  private void showSizes() {
    metrics.set(Metric.JOBS_WAITING, jobs.waiting());
    metrics.set(Metric.JOBS_IN_FLIGHT, jobs.inFlight());
    metrics.set(Metric.BACKLOG_STEPS, (double) jobs.waitingSteps());
    metrics.set(Metric.BACKLOG_TOKEN_STEPS, (double) jobs.waitingTokenSteps());
  }
}
