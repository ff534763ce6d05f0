package io.sedd.worker.denoising;

import io.sedd.diffusion.sampling.Lane;
import io.sedd.protocol.job.JobProgress;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reports the running lanes of jobs that asked for it, every so many steps.
 *
 * @param reports takes a report, to be made elsewhere: decoding text is no work for the thread that
 *     steps
 */
record ProgressReports(Consumer<Supplier<JobProgress>> reports) {

  /** Looks at a job after a step in which its lanes may have moved on. */
  void after(RunningJob job) {
    int every = job.job().progressEvery();
    if (every == 0) {
      return;
    }
    for (Lane lane : job.lanes()) {
      int step = lane.stepsTaken();
      if (step > 0 && step % every == 0 && !lane.finished()) {
        int[] states = lane.tokens();
        int remaining = lane.remaining();
        reports.accept(
            () ->
                new JobProgress(
                    job.job().id(),
                    lane.request().sample(),
                    step,
                    job.job().steps(),
                    remaining,
                    LaneText.of(states, job.checkpoint().tokenizer())));
      }
    }
  }
}
