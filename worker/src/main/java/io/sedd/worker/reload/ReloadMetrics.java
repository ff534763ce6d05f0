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

  /**
   * A checkpoint is served.
   *
   * @param step that it was trained to; empty where its files do not say
   */
  void serves(CheckpointName checkpoint, String step) {
    metrics.count(Metric.RELOADS, "served");
    metrics.clear(Metric.CHECKPOINT_INFO);
    metrics.set(Metric.CHECKPOINT_INFO, 1, checkpoint.name(), step, checkpoint.sha256());
    metrics.set(Metric.CHECKPOINT_STEP, step.isEmpty() ? 0 : Double.parseDouble(step));
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
