package io.sedd.worker.reload;

import io.sedd.protocol.job.GenerationResult.CheckpointName;
import io.sedd.worker.canary.CanaryMetric;
import io.sedd.worker.canary.CanaryTrial;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;

/**
 * What reloading counts.
 *
 * @param metrics of the worker
 */
public record ReloadMetrics(WorkerMetrics metrics) {

  /** A checkpoint was not served: refused, or deferred to a later attempt. */
  void attempted(String outcome) {
    metrics.count(Metric.RELOADS, outcome);
  }

  void loaded(long nanos) {
    metrics.observeNanos(Metric.RELOAD_SECONDS, nanos);
  }

  void serves(CheckpointName checkpoint, String step) {
    metrics.count(Metric.RELOADS, "served");
    metrics.clear(Metric.CHECKPOINT_INFO);
    metrics.set(Metric.CHECKPOINT_INFO, 1, checkpoint.name(), step, checkpoint.sha256());
  }

  void pinned(boolean pinned) {
    metrics.set(Metric.CHECKPOINT_PINNED, pinned ? 1 : 0);
  }

  void compares(CanaryTrial trial) {
    metrics.set(Metric.CANARY_JOBS, (double) trial.candidateJobs(), "candidate");
    metrics.set(Metric.CANARY_JOBS, (double) trial.stableJobs(), "serving");
    trial
        .divergence()
        .forEach((metric, value) -> metrics.set(Metric.CANARY_DIVERGENCE, value, metric.label()));
  }

  void trialEnded(String outcome) {
    metrics.count(Metric.CANARY_TRIALS, outcome);
    metrics.set(Metric.CANARY_JOBS, 0, "candidate");
    metrics.set(Metric.CANARY_JOBS, 0, "serving");
    for (CanaryMetric metric : CanaryMetric.values()) {
      metrics.set(Metric.CANARY_DIVERGENCE, 0, metric.label());
    }
  }
}
