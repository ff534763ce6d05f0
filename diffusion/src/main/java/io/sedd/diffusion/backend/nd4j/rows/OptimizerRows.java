package io.sedd.diffusion.backend.nd4j.rows;

import io.sedd.diffusion.backend.AdamWStep;

/** The optimizer's passes over a span of {@code n} parameters. */
public interface OptimizerRows {

  /** Sum of squares, in double. */
  double sumOfSquares(long x, int n);

  /** One update, by the formula of {@link io.sedd.diffusion.backend.Backend#adamW}. */
  void adamW(
      Constants constants,
      long gradient,
      long parameters,
      long firstMoment,
      long secondMoment,
      long average,
      int n);

  /**
   * The update's constants in the form that the loop takes.
   *
   * @param keep 1 - lr wd
   * @param rate lr / (1 - b1^n)
   * @param rootScale 1 / sqrt(1 - b2^n)
   * @param averageGain 1 - d
   */
  record Constants(
      float scale,
      float l2,
      float keep,
      float beta1,
      float gain1,
      float beta2,
      float gain2,
      float rate,
      float rootScale,
      float epsilon,
      float averageGain) {

    /** Rounds the constants of a step to fp32 once they are complete. */
    public static Constants of(AdamWStep step) {
      return new Constants(
          (float) step.gradientScale(),
          (float) step.l2(),
          (float) (1 - step.learningRate() * step.weightDecay()),
          (float) step.beta1(),
          (float) (1 - step.beta1()),
          (float) step.beta2(),
          (float) (1 - step.beta2()),
          (float) (step.learningRate() / (1 - Math.pow(step.beta1(), step.number()))),
          (float) (1 / Math.sqrt(1 - Math.pow(step.beta2(), step.number()))),
          (float) step.epsilon(),
          (float) (1 - step.averageDecay()));
    }
  }
}
