package io.sedd.worker.denoising;

import io.sedd.diffusion.sampling.Lane;
import io.sedd.protocol.job.JobProgress;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.ProgressReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * Reports the running lanes of jobs that asked for it, every so many steps, but no job more often
 * than the interval allows: what comes too early is left out and counted.
 *
 * @param reports takes a report, to be made elsewhere
 */
record ProgressReports(Consumer<ProgressReport> reports, Duration interval, WorkerMetrics metrics) {

  /** Looks at jobs after a step in which their lanes may have moved on. */
  void after(Collection<RunningJob> jobs, Instant now) {
    for (RunningJob job : jobs) {
      after(job, now);
    }
  }

  private void after(RunningJob job, Instant now) {
    int every = job.job().progressEvery();
    boolean early = now.isBefore(job.nextReport());
    boolean reported = false;
    for (Lane lane : job.lanes()) {
      int step = lane.stepsTaken();
      if (step > job.stepReported(lane) && step % every == 0 && !lane.finished()) {
        job.reported(lane, step);
        if (early) {
          metrics.count(Metric.PROGRESS_DROPPED);
        } else {
          reports.accept(report(job, lane, step));
          reported = true;
        }
      }
    }
    if (reported) {
      job.noReportBefore(now.plus(interval));
    }
  }

  private static ProgressReport report(RunningJob job, Lane lane, int step) {
    int[] states = lane.tokens();
    int remaining = lane.remaining();
    int sample = lane.request().sample();
    return new ProgressReport(
        job.scheduled().delivery().trace(),
        job.job().id(),
        sample,
        () ->
            new JobProgress(
                job.job().id(),
                sample,
                step,
                job.job().steps(),
                remaining,
                LaneText.of(states, job.checkpoint().tokenizer())));
  }
}
