package io.sedd.worker.denoising;

import io.sedd.diffusion.text.EncodedTemplate;
import io.sedd.diffusion.text.RefusedTemplate;
import io.sedd.protocol.job.JobError;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.scheduling.DeviceFeed;
import io.sedd.worker.scheduling.JobScheduler;
import io.sedd.worker.scheduling.ScheduledJob;
import java.time.Clock;
import java.util.Optional;

/**
 * Turns jobs that are ready into running ones while the device's batch has room.
 *
 * @param results makes the results of jobs that cannot begin
 */
record Admission(
    Device device,
    DeviceFeed feed,
    JobScheduler scheduler,
    CheckpointRack rack,
    JobBatch batch,
    Results results,
    WorkerMetrics metrics,
    Clock clock) {

  void admit() {
    batch.fill();
    while (batch.hasRoom() && rack.current().isPresent()) {
      Optional<ScheduledJob> next = feed.poll();
      if (next.isEmpty()) {
        return;
      }
      begin(next.get());
    }
    feed.full();
  }

  private void begin(ScheduledJob job) {
    ServedCheckpoint checkpoint = rack.enter(device, job.delivery().job().id());
    switch (checkpoint.encoder().encode(job.delivery().job().template())) {
      case EncodedTemplate template -> begin(job, checkpoint, template);
      // it fitted the checkpoint that was served when it came
      case RefusedTemplate(JobError error) -> refuse(job, checkpoint, error);
    }
  }

  private void begin(ScheduledJob job, ServedCheckpoint checkpoint, EncodedTemplate template) {
    RunningJob running;
    try {
      running =
          new RunningJob(job, checkpoint, checkpoint.model(device), template, clock.instant());
      batch.add(running);
    } catch (IllegalArgumentException e) {
      refuse(job, checkpoint, new JobError(JobError.Code.INTERNAL, e.getMessage(), "$"));
      return;
    }
    metrics.observeMillis(Metric.JOB_QUEUE_SECONDS, running.queueMillis());
  }

  private void refuse(ScheduledJob job, ServedCheckpoint checkpoint, JobError error) {
    rack.leave(device, checkpoint);
    scheduler.finish(
        job,
        new Settlement.Refused(error, Optional.of(results.failed(job.delivery().job(), error, 0))));
  }
}
