package io.sedd.worker.denoising;

import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.text.Tokenizer;

/**
 * A lane between two steps, as somebody who looks sees it. Nobody writes to its arrays.
 *
 * @param job running number of its job in this worker; with the sample, the lane's name
 * @param jobId the sender's name for the job
 * @param sample which of the job's samples
 * @param step steps taken
 * @param steps steps in all
 * @param template tokens of the template, below 0 at the blanks
 * @param states present tokens; at positions that are not filled, what the graph has there
 * @param open positions still to be filled, ascending
 * @param tokenizer of the checkpoint that the job runs on
 */
@SuppressWarnings("ArrayRecordComponent") // handed from one thread to another, never compared
public record LaneView(
    long job,
    String jobId,
    int sample,
    int step,
    int steps,
    int[] template,
    int[] states,
    int[] open,
    Tokenizer tokenizer) {

  static LaneView of(RunningJob job, Lane lane) {
    return new LaneView(
        job.scheduled().sequence(),
        job.job().id(),
        lane.request().sample(),
        lane.stepsTaken(),
        lane.request().steps(),
        lane.request().template().tokens(),
        lane.tokens(),
        lane.unfilled(),
        job.checkpoint().tokenizer());
  }

  /** Number of positions. */
  public int length() {
    return states.length;
  }
}
