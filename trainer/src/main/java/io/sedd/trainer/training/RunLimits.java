package io.sedd.trainer.training;

import java.time.Duration;

/**
 * When a run ends and what it does on the way.
 *
 * @param steps updates in all, those before a resume counted
 * @param duration wall-clock limit of this run; zero for none
 * @param evaluateEvery steps between held-out evaluations; 0 for none but the last
 * @param checkpointEvery steps between checkpoints; 0 for none but the last
 */
public record RunLimits(int steps, Duration duration, int evaluateEvery, int checkpointEvery) {

  public RunLimits {
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
