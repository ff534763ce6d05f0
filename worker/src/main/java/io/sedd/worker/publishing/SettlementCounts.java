package io.sedd.worker.publishing;

import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;

/** Counts settlements that the broker has. */
public record SettlementCounts(WorkerMetrics metrics) {

  /** Counts one. */
  public void count(Settlement settlement) {
    switch (settlement) {
      case Settlement.Ended(var result, var kind) ->
          metrics.count(Metric.JOBS, result.outcome().wireName(), kind.label());
      case Settlement.Refused(var error, _) ->
          metrics.count(Metric.DEAD_LETTERS, error.code().wireName());
      case Settlement.SentAgain _ -> metrics.count(Metric.JOBS_SENT_AGAIN);
    }
  }
}
