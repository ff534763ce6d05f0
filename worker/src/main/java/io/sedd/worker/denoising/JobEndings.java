package io.sedd.worker.denoising;

import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.JobKind;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.scheduling.JobFailure;
import io.sedd.worker.scheduling.JobScheduler;
import java.time.Clock;
import java.time.Instant;

/** How jobs leave the batch: each with its result, its numbers and its settlement. */
final class JobEndings {

  private final Device device;
  private final JobBatch batch;
  private final CheckpointRack rack;
  private final JobScheduler scheduler;
  private final ResultAssembler assembler;
  private final WorkerMetrics metrics;
  private final Clock clock;

  JobEndings(
      Device device,
      JobBatch batch,
      CheckpointRack rack,
      JobScheduler scheduler,
      ResultAssembler assembler,
      WorkerMetrics metrics,
      Clock clock) {
    this.device = device;
    this.batch = batch;
    this.rack = rack;
    this.scheduler = scheduler;
    this.assembler = assembler;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** All its texts are done. */
  void completed(RunningJob job) {
    metrics.add(Metric.TOKENS_GENERATED, (double) job.blanks() * job.lanes().size());
    end(job, Outcome.COMPLETED);
  }

  /** Its sender does not want it any more. */
  void cancelled(RunningJob job) {
    end(job, Outcome.CANCELLED);
  }

  /** Its deadline has passed. */
  void expired(RunningJob job) {
    metrics.count(Metric.JOB_DEADLINE_EXCEEDED);
    end(job, Outcome.EXPIRED);
  }

  /** Nobody takes its result. */
  void abandoned(RunningJob job) {
    takeOut(job);
    scheduler.drop(job.scheduled());
  }

  /** It could not be denoised. */
  void failed(RunningJob job, JobFailure failure) {
    takeOut(job);
    GenerationResult result = assembler.failed(job, failure.error(), clock.instant());
    metrics.add(Metric.NETWORK_EVALUATIONS, (double) result.networkEvaluations());
    if (failure instanceof JobFailure.Permanent) {
      ran(job, result);
    }
    scheduler.fail(job.scheduled(), failure, result);
  }

  private void end(RunningJob job, Outcome outcome) {
    takeOut(job);
    Instant now = clock.instant();
    GenerationResult result = assembler.ended(job, outcome, now);
    metrics.add(Metric.NETWORK_EVALUATIONS, (double) result.networkEvaluations());
    ran(job, result);
    scheduler.finish(job.scheduled(), new Settlement.Ended(result, JobKind.of(job.job())));
  }

  private void ran(RunningJob job, GenerationResult result) {
    metrics.observeMillis(
        Metric.JOB_DURATION_SECONDS, result.denoiseMillis(), JobKind.of(job.job()).label());
    rack.ran(job.checkpoint(), result);
  }

  private void takeOut(RunningJob job) {
    batch.remove(job);
    rack.leave(device, job.checkpoint());
  }
}
