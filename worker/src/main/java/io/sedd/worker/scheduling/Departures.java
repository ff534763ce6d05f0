package io.sedd.worker.scheduling;

import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.Settlements;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.JobKind;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.scheduling.ScheduledJob.Withdrawal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How jobs leave the book: each is settled once, or put back for another start, or dropped because
 * its record is another worker's now. Called with the scheduler's lock held.
 */
final class Departures {

  private final JobBook jobs;
  private final RetryPolicy retries;
  private final Settlements settlements;
  private final Results results;
  private final WorkerMetrics metrics;
  private final Clock clock;

  Departures(
      JobBook jobs,
      RetryPolicy retries,
      Settlements settlements,
      Results results,
      WorkerMetrics metrics,
      Clock clock) {
    this.jobs = jobs;
    this.retries = retries;
    this.settlements = settlements;
    this.results = results;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** A job that does not run ends with an outcome of its own. */
  void end(ScheduledJob job, Outcome outcome) {
    jobs.leave(job);
    settleUnfinished(job, outcome);
  }

  /** A job has run to its end, whatever that is. */
  void finish(ScheduledJob job, Settlement settlement) {
    jobs.leave(job);
    if (job.withdrawal() != Withdrawal.ABANDONED) {
      settlements.settle(job.delivery().position(), settlement);
    }
  }

  /**
   * A running job has failed.
   *
   * @param result what the job's sender gets if it is not started again
   */
  void fail(ScheduledJob job, JobFailure failure, GenerationResult result) {
    switch (failure) {
      case JobFailure.Permanent _ ->
          finish(job, new Settlement.Ended(result, JobKind.of(job.delivery().job())));
      case JobFailure.Retryable(var reason, var error) -> {
        if (retries.another(job.delivery().attempt())) {
          retry(job, reason);
        } else {
          finish(job, new Settlement.Refused(error, Optional.of(result)));
        }
      }
    }
  }

  /** Alone only if it was before, since it has not ended its process. */
  private void retry(ScheduledJob job, JobFailure.Reason reason) {
    jobs.leave(job);
    switch (job.withdrawal()) {
      case ABANDONED -> {}
      case CANCELLED -> settleUnfinished(job, Outcome.CANCELLED);
      case NONE -> {
        metrics.count(Metric.RETRIES, reason.label());
        Instant now = clock.instant();
        Duration backoff = retries.backoffAfter(job.delivery().attempt());
        jobs.add(job.delivery().again(), job.alone(), now.plus(backoff), now);
      }
    }
  }

  private void settleUnfinished(ScheduledJob job, Outcome outcome) {
    Delivery delivery = job.delivery();
    if (outcome == Outcome.EXPIRED) {
      metrics.count(Metric.JOB_DEADLINE_EXCEEDED);
    }
    Duration waited = Duration.between(delivery.arrival(), clock.instant());
    settlements.settle(
        delivery.position(),
        new Settlement.Ended(
            results.neverStarted(delivery.job(), outcome, Math.max(0, waited.toMillis())),
            JobKind.of(delivery.job())));
  }
}
