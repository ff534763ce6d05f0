package io.sedd.trainer.optimizer;

import io.sedd.diffusion.backend.AdamWStep;

/**
 * The constants of AdamW (arXiv 1711.05101) or Adam, of clipping by the global norm and of the
 * moving average, as the official SEDD code uses them.
 *
 * @param algorithm where the weight decay comes in
 * @param learningRate of every step
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay on every parameter, biases and norms too
 * @param clip largest norm of the gradient of all parameters together; 0 for no clipping
 * @param averageDecay the moving average's decay once it has warmed up
 */
public record Recipe(
    Algorithm algorithm,
    LearningRate learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    double clip,
    double averageDecay) {

  /** The official choices. */
  public enum Algorithm {
    /** Decay beside the gradient: p -= lr wd p. */
    ADAMW,
    /** Adam (arXiv 1412.6980), decay through the gradient: g += wd p, after clipping. */
    ADAM
  }

  /** AdamW. */
  public Recipe(
      LearningRate learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      double clip,
      double averageDecay) {
    this(Algorithm.ADAMW, learningRate, beta1, beta2, epsilon, weightDecay, clip, averageDecay);
  }

  public Recipe {
    requireShare("beta1", beta1);
    requireShare("beta2", beta2);
    requireShare("moving-average decay", averageDecay);
    if (!(epsilon > 0) || !(weightDecay >= 0) || !(clip >= 0)) {
      throw new IllegalArgumentException(
          "epsilon "
              + epsilon
              + " must be above 0, weight decay "
              + weightDecay
              + " and clip "
              + clip
              + " not below");
    }
  }

  private static void requireShare(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " " + value + " must lie in [0, 1)");
    }
  }

  /**
   * What step {@code n} (1 for the first) does with a gradient of this norm.
   *
   * @throws ArithmeticException if the norm is not finite
   */
  public AdamWStep step(int n, double gradientNorm) {
    return new AdamWStep(
        n,
        learningRate.at(n),
        beta1,
        beta2,
        epsilon,
        algorithm == Algorithm.ADAMW ? weightDecay : 0,
        algorithm == Algorithm.ADAM ? weightDecay : 0,
        clipFactor(gradientNorm),
        averageDecayAt(n));
  }

  /** min(1, clip / (norm + 1e-6)), the rule of the official code. */
  double clipFactor(double norm) {
    if (!Double.isFinite(norm)) {
      throw new ArithmeticException("the gradient's norm is " + norm);
    }
    return clip == 0 ? 1 : Math.min(1, clip / (norm + 1e-6));
  }

  /** min(decay, (1 + n) / (10 + n)): early on the average follows the parameters closely. */
  double averageDecayAt(int n) {
    return Math.min(averageDecay, (1.0 + n) / (10.0 + n));
  }
}
