package io.sedd.trainer.training;

import java.time.Duration;

/**
 * When a run ends and what it does on the way.
 *
 * @param steps updates in all, those before a resume counted
 * @param duration wall-clock limit of this run; zero for none
 * @param evaluateEvery steps between held-out evaluations; 0 for none but the last
 * @param checkpointEvery steps between checkpoints; 0 for none but the last
 * @param divergence how many times its lowest value the smoothed loss may reach; 0 for no limit
 */
public record RunLimits(
    int steps, Duration duration, int evaluateEvery, int checkpointEvery, double divergence) {

  /** Without a limit of the loss. */
  public RunLimits(int steps, Duration duration, int evaluateEvery, int checkpointEvery) {
    this(steps, duration, evaluateEvery, checkpointEvery, 0);
  }

  public RunLimits {
    if (!(divergence == 0 || divergence > 1)) {
      throw new IllegalArgumentException(
          "divergence " + divergence + " must be above 1, or 0 for no limit");
    }
    if (steps < 1 || duration.isNegative() || evaluateEvery < 0 || checkpointEvery < 0) {
      throw new IllegalArgumentException(
          "a run has at least 1 step and no negative limits or intervals: "
              + steps
              + " steps, "
              + duration
              + ", evaluation every "
              + evaluateEvery
              + ", checkpoint every "
              + checkpointEvery);
    }
  }

  /** Whether something that is done every so many steps is done after this one. */
  public static boolean due(int step, int every) {
    return every > 0 && step % every == 0;
  }
}
