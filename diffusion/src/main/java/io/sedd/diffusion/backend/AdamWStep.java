package io.sedd.diffusion.backend;

/**
 * Constants of one update, for {@link Backend#adamW}.
 *
 * @param number 1 for the first update, for the bias correction
 * @param learningRate of this step, warm-up applied
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled decay, on every parameter
 * @param l2 times the parameter, added to the gradient after its scaling: the weight decay of plain
 *     Adam
 * @param gradientScale the gradient is multiplied by this first: clipping
 * @param averageDecay decay of the moving average in this step
 */
public record AdamWStep(
    int number,
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    double l2,
    double gradientScale,
    double averageDecay) {

  /** AdamW's own: no decay through the gradient. */
  public AdamWStep(
      int number,
      double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      double gradientScale,
      double averageDecay) {
    this(number, learningRate, beta1, beta2, epsilon, weightDecay, 0, gradientScale, averageDecay);
  }
}
