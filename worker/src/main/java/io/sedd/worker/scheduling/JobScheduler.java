package io.sedd.worker.scheduling;

import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.JobSink;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.intake.Settlements;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.JobKind;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.scheduling.ScheduledJob.Stage;
import io.sedd.worker.scheduling.ScheduledJob.Withdrawal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Where jobs wait and from where they are started. The intake's thread puts them in and notes their
 * starts, the denoising thread takes them out, the control thread cancels them.
 *
 * <ul>
 *   <li>Bounded in token·steps. Jobs that would fill the batch and a quarter more are started
 *       ahead, so that the device never waits for Kafka and the order is settled late.
 *   <li>A job that is alone starts when nothing else runs, and nothing starts beside it.
 *   <li>A waiting job that expires or is cancelled ends here, with a result.
 * </ul>
 */
public final class JobScheduler implements JobSink {

  private final QueueSettings settings;
  private final long startRows;
  private final Settlements settlements;
  private final Results results;
  private final WorkerMetrics metrics;
  private final Clock clock;

  private final ReentrantLock lock = new ReentrantLock();

  /** A ready job has come, or somebody wants the denoising thread to look up. */
  private final Condition news = lock.newCondition();

  // guarded by lock
  private final WaitingJobs waiting;
  private final Deque<ScheduledJob> waitingAlone = new ArrayDeque<>();
  private final Deque<ScheduledJob> ready = new ArrayDeque<>();
  private final Map<RecordPosition, ScheduledJob> inFlight = new HashMap<>();
  private final CancelledIds cancelled = new CancelledIds();
  private long rowsInFlight;
  private long arrivals;
  private boolean full;
  private boolean called;

  /**
   * An empty scheduler.
   *
   * @param batchRows token rows of the denoiser's batch
   */
  public JobScheduler(
      QueueSettings settings,
      int batchRows,
      Settlements settlements,
      Results results,
      WorkerMetrics metrics,
      Clock clock) {
    this.settings = settings;
    this.startRows = batchRows + batchRows / 4L;
    this.settlements = settlements;
    this.results = results;
    this.metrics = metrics;
    this.clock = clock;
    this.waiting = new WaitingJobs(settings.ageing());
  }

  // --- for the intake

  @Override
  public boolean full() {
    return locked(
        () -> {
          long bound = full ? settings.reopenTokenSteps() : settings.maxTokenSteps();
          full = waiting.tokenSteps() >= bound;
          return full;
        });
  }

  @Override
  public void accept(Delivery delivery) {
    run(
        () -> {
          if (cancelled.covers(delivery.job().id(), delivery.sent())) {
            end(enqueued(delivery, false), Outcome.CANCELLED);
          } else if (delivery.suspect()) {
            waitingAlone.add(enqueued(delivery, true));
          } else {
            waiting.add(enqueued(delivery, false));
          }
        });
  }

  private ScheduledJob enqueued(Delivery delivery, boolean alone) {
    return new ScheduledJob(
        arrivals++, delivery, alone, delivery.arrival().plus(settings.ageing()));
  }

  @Override
  public List<Delivery> claim() {
    return locked(
        () -> {
          Instant now = clock.instant();
          waiting.removeExpired(now).forEach(job -> end(job, Outcome.EXPIRED));
          removeFrom(waitingAlone, job -> !job.deadline().isAfter(now))
              .forEach(job -> end(job, Outcome.EXPIRED));
          List<Delivery> claims = new ArrayList<>();
          if (!waitingAlone.isEmpty()) {
            if (inFlight.isEmpty()) {
              claims.add(claim(waitingAlone.poll()));
            }
            return claims;
          }
          boolean aloneRuns = inFlight.values().stream().anyMatch(ScheduledJob::alone);
          while (!aloneRuns && rowsInFlight < startRows) {
            Optional<ScheduledJob> next = waiting.next(now);
            if (next.isEmpty()) {
              break;
            }
            waiting.remove(next.get());
            claims.add(claim(next.get()));
          }
          return claims;
        });
  }

  private Delivery claim(ScheduledJob job) {
    job.enter(Stage.CLAIMED);
    inFlight.put(job.delivery().position(), job);
    rowsInFlight += job.delivery().rows();
    return job.delivery();
  }

  @Override
  public void start(List<Delivery> claimed) {
    run(
        () -> {
          for (Delivery delivery : claimed) {
            ScheduledJob job = inFlight.get(delivery.position());
            if (job != null && job.stage() == Stage.CLAIMED) {
              job.enter(Stage.READY);
              ready.add(job);
            }
          }
          news.signalAll();
        });
  }

  @Override
  public void withdraw(Predicate<RecordPosition> gone) {
    run(
        () -> {
          Predicate<ScheduledJob> leaves = job -> gone.test(job.delivery().position());
          metrics.add(
              Metric.JOBS_WITHDRAWN,
              waiting.removeIf(leaves).size() + removeFrom(waitingAlone, leaves).size());
          for (ScheduledJob job : List.copyOf(inFlight.values())) {
            if (job.stage() == Stage.CLAIMED && leaves.test(job)) {
              leave(job);
            }
          }
        });
  }

  @Override
  public void abandon(Predicate<RecordPosition> gone) {
    withdraw(gone);
    run(
        () -> {
          for (ScheduledJob job : List.copyOf(inFlight.values())) {
            if (gone.test(job.delivery().position())) {
              job.withdraw(Withdrawal.ABANDONED);
              if (job.stage() == Stage.READY) {
                ready.remove(job);
                leave(job);
              }
            }
          }
        });
  }

  // --- for the control topic

  /**
   * Cancels a job: at once if it waits, within one step if it runs, on arrival if it is still to
   * come.
   *
   * @param at when the cancellation was sent; jobs that are sent later under the same id are meant
   *     to run
   */
  public void cancel(String jobId, Instant at) {
    run(
        () -> {
          cancelled.add(jobId, at);
          Predicate<ScheduledJob> meant =
              job -> job.delivery().job().id().equals(jobId) && !job.delivery().sent().isAfter(at);
          waiting.removeIf(meant).forEach(job -> end(job, Outcome.CANCELLED));
          removeFrom(waitingAlone, meant).forEach(job -> end(job, Outcome.CANCELLED));
          inFlight.values().stream()
              .filter(meant)
              .forEach(job -> job.withdraw(Withdrawal.CANCELLED));
        });
  }

  // --- for the denoiser

  /** The next job to run, if one is ready. */
  public Optional<ScheduledJob> poll() {
    return locked(
        () -> {
          ScheduledJob job = ready.poll();
          if (job != null) {
            job.enter(Stage.RUNNING);
          }
          return Optional.ofNullable(job);
        });
  }

  /** Waits until a job is ready or {@link #wake} is called, at most so long. */
  public void await(Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = limit.toNanos();
      while (ready.isEmpty() && !called && left > 0) {
        left = news.awaitNanos(left);
      }
      called = false;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a present or the next {@link #await}. */
  public void wake() {
    run(
        () -> {
          called = true;
          news.signalAll();
        });
  }

  /** A running job has ended. Ignored for one that was abandoned. */
  public void finish(ScheduledJob job, Settlement settlement) {
    run(
        () -> {
          leave(job);
          if (job.withdrawal() != Withdrawal.ABANDONED) {
            settlements.settle(job.delivery().position(), settlement);
          }
        });
  }

  /** A running job whose result nobody takes has been dropped. */
  public void drop(ScheduledJob job) {
    run(() -> leave(job));
  }

  /** A running job has to be done again with nothing beside it. */
  public void retryAlone(ScheduledJob job) {
    run(
        () -> {
          leave(job);
          if (job.withdrawal() != Withdrawal.ABANDONED) {
            waitingAlone.add(enqueued(job.delivery().again(), true));
          }
        });
  }

  /** Whether nothing waits and nothing runs. */
  public boolean idle() {
    return locked(() -> waiting.size() == 0 && waitingAlone.isEmpty() && inFlight.isEmpty());
  }

  // --- all below is called with the lock held

  private void leave(ScheduledJob job) {
    if (job.stage() != Stage.ENDED) {
      job.enter(Stage.ENDED);
      inFlight.remove(job.delivery().position());
      rowsInFlight -= job.delivery().rows();
    }
  }

  /** Ends a job that never ran. */
  private void end(ScheduledJob job, Outcome outcome) {
    job.enter(Stage.ENDED);
    Delivery delivery = job.delivery();
    long queueMillis = Duration.between(delivery.arrival(), clock.instant()).toMillis();
    if (outcome == Outcome.EXPIRED) {
      metrics.count(Metric.JOB_DEADLINE_EXCEEDED);
    }
    settlements.settle(
        delivery.position(),
        new Settlement.Ended(
            results.neverStarted(delivery.job(), outcome, queueMillis),
            JobKind.of(delivery.job())));
  }

  private static List<ScheduledJob> removeFrom(
      Deque<ScheduledJob> jobs, Predicate<ScheduledJob> leaves) {
    List<ScheduledJob> leaving = jobs.stream().filter(leaves).toList();
    jobs.removeAll(leaving);
    return leaving;
  }

  private void run(Runnable change) {
    locked(
        () -> {
          change.run();
          return null;
        });
  }

  private <T> T locked(java.util.function.Supplier<T> action) {
    lock.lock();
    try {
      T answer = action.get();
      metrics.set(Metric.JOBS_WAITING, waiting.size() + waitingAlone.size());
      metrics.set(Metric.JOBS_IN_FLIGHT, inFlight.size());
      metrics.set(Metric.BACKLOG_STEPS, (double) waiting.steps());
      metrics.set(Metric.BACKLOG_TOKEN_STEPS, (double) waiting.tokenSteps());
      return answer;
    } finally {
      lock.unlock();
    }
  }
}
