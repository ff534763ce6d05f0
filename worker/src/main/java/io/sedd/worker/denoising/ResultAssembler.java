package io.sedd.worker.denoising;

import io.sedd.diffusion.sampling.Lane;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.GenerationResult.Sample;
import io.sedd.protocol.job.JobError;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Makes the results of jobs that ran.
 *
 * @param worker name of this worker
 */
record ResultAssembler(String worker) {

  /** All texts of a job, or as far as they came. */
  GenerationResult ended(RunningJob job, Outcome outcome, Instant now) {
    List<Sample> samples = job.lanes().stream().map(lane -> sample(job, lane)).toList();
    return result(job, outcome, samples, Optional.empty(), now);
  }

  /** A job that could not be denoised. */
  GenerationResult failed(RunningJob job, JobError error, Instant now) {
    return result(job, Outcome.FAILED, List.of(), Optional.of(error), now);
  }

  private static Sample sample(RunningJob job, Lane lane) {
    int[] states = lane.tokens();
    return new Sample(
        LaneText.of(states, job.checkpoint().tokenizer()),
        integers(states),
        lane.request().seed(),
        lane.request().sample(),
        integers(lane.unfilled()));
  }

  private static List<Integer> integers(int[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  private GenerationResult result(
      RunningJob job,
      Outcome outcome,
      List<Sample> samples,
      Optional<JobError> error,
      Instant now) {
    return new GenerationResult(
        job.job().id(),
        outcome,
        samples,
        Optional.of(job.checkpoint().name()),
        job.stepsTaken(),
        job.evaluations(),
        job.queueMillis(),
        job.denoiseMillis(now),
        worker,
        job.job().metadata(),
        error);
  }
}
