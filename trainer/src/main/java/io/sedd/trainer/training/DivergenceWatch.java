package io.sedd.trainer.training;

import java.util.Locale;

/**
 * Stops a run whose loss is finite and runs away: one whose mean, over some 50 steps with
 * exponential weights, exceeds a multiple of its lowest value so far. Begins anew when a run
 * resumes.
 */
final class DivergenceWatch implements TrainingObserver {

  private static final double KEPT = 0.98;

  /** Steps before the mean counts: one batch of much noise is no divergence. */
  private static final int FIRST_STEPS = 50;

  private final double limit;
  private double sum;
  private double weight;
  private int steps;
  private double lowest = Double.POSITIVE_INFINITY;

  /**
   * @param limit largest multiple of the lowest mean; 0 for none
   */
  DivergenceWatch(double limit) {
    this.limit = limit;
  }

  /**
   * Looks at a step.
   *
   * @throws TrainingDivergedException if the loss runs away
   */
  @Override
  public void stepTaken(StepReport report) {
    sum = KEPT * sum + report.natsPerToken();
    weight = KEPT * weight + 1;
    steps++;
    double mean = sum / weight;
    if (limit == 0 || steps < FIRST_STEPS) {
      return;
    }
    lowest = Math.min(lowest, mean);
    if (mean > limit * lowest) {
      throw new TrainingDivergedException(
          report.step(),
          String.format(
              Locale.ROOT,
              "the loss, a mean over some 50 steps, is %.4f nats a token after %.4f at its lowest"
                  + " (run.divergence is %s; the gradient's norm was %.3g)",
              mean,
              lowest,
              limit,
              report.gradientNorm()));
    }
  }
}
