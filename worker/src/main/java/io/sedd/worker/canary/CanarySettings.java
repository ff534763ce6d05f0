package io.sedd.worker.canary;

import java.time.Duration;

/**
 * How a new checkpoint is tried before all jobs start on it.
 *
 * @param share of the jobs that run on it meanwhile, by a hash of their ids, in [0, 0.5]; 0: no
 *     trial, it serves at once
 * @param duration of a trial at least
 * @param minJobs that must have ended on either side before it is decided
 * @param falseAlarm largest probability that a candidate within the margins is refused
 * @param entropyMargin largest difference of the mean relative entropy of a job's tokens that is no
 *     fault, in either direction
 * @param repetitionMargin the same of the share of repeated runs of four tokens
 */
public record CanarySettings(
    double share,
    Duration duration,
    int minJobs,
    double falseAlarm,
    double entropyMargin,
    double repetitionMargin) {

  public CanarySettings {
    require(share >= 0 && share <= 0.5, "share must lie in 0..0.5, but is " + share);
    require(!duration.isNegative(), "duration must not be negative, but is " + duration);
    require(minJobs >= 2, "minJobs must be at least 2, but is " + minJobs);
    require(
        falseAlarm > 0 && falseAlarm < 0.5,
        "falseAlarm must lie between 0 and 0.5, but is " + falseAlarm);
    require(entropyMargin >= 0, "entropyMargin must not be negative, but is " + entropyMargin);
    require(
        repetitionMargin >= 0, "repetitionMargin must not be negative, but is " + repetitionMargin);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** Whether new checkpoints are tried at all. */
  public boolean on() {
    return share > 0;
  }
}
