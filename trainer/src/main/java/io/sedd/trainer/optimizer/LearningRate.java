package io.sedd.trainer.optimizer;

/**
 * Learning rate of every step: a linear warm-up, then constant as in the official recipe, or a half
 * cosine (arXiv 1608.03983, equation 5, one period).
 *
 * <pre>
 *   n <= warmup:  peak n / warmup
 *   after it:     peak (f + (1 - f) (1 + cos(pi (n - warmup) / (decaySteps - warmup))) / 2)
 * </pre>
 *
 * @param peak reached at the end of the warm-up
 * @param warmup steps of the warm-up; 0 for none
 * @param decaySteps step at which the cosine ends; 0 for a constant rate
 * @param finalFraction f: share of the peak that is left from {@code decaySteps} on
 */
public record LearningRate(double peak, int warmup, int decaySteps, double finalFraction) {

  public LearningRate {
    if (!(peak > 0) || warmup < 0 || decaySteps < 0) {
      throw new IllegalArgumentException(
          "learning rate "
              + peak
              + " must be above 0, warm-up "
              + warmup
              + " and decay steps "
              + decaySteps
              + " not below");
    }
    if (decaySteps > 0 && decaySteps <= warmup) {
      throw new IllegalArgumentException(
          "the decay ends at step "
              + decaySteps
              + ", within the warm-up of "
              + warmup
              + " steps; give it more steps or the warm-up fewer");
    }
    if (!(finalFraction >= 0 && finalFraction <= 1)) {
      throw new IllegalArgumentException(
          "final fraction " + finalFraction + " of the learning rate must lie in [0, 1]");
    }
  }

  /** Warm-up, then constant. */
  public static LearningRate constant(double peak, int warmup) {
    return new LearningRate(peak, warmup, 0, 1);
  }

  /** The rate of step {@code n}, which is 1 for the first. */
  public double at(int n) {
    if (n <= warmup) {
      return peak * n / warmup;
    }
    if (decaySteps == 0) {
      return peak;
    }
    double progress = Math.min(1.0, (n - warmup) / (double) (decaySteps - warmup));
    return peak * (finalFraction + (1 - finalFraction) * (1 + Math.cos(Math.PI * progress)) / 2);
  }
}
