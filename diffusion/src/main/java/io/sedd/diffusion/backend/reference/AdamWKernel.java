package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.AdamWStep;

/** AdamW (arXiv 1711.05101, algorithm 2) with the moving average of the parameters. */
final class AdamWKernel {

  private AdamWKernel() {}

  static void adamW(
      AdamWStep step,
      ArrayTensor gradient,
      ArrayTensor parameters,
      ArrayTensor firstMoment,
      ArrayTensor secondMoment,
      ArrayTensor average) {
    double correction1 = 1 - Math.pow(step.beta1(), step.number());
    double correction2 = 1 - Math.pow(step.beta2(), step.number());
    for (int i = 0; i < parameters.rows * parameters.columns; i++) {
      double m = firstMoment.data[firstMoment.offset + i];
      double v = secondMoment.data[secondMoment.offset + i];
      double p = parameters.data[parameters.offset + i];
      double a = average.data[average.offset + i];
      double g = gradient.data[gradient.offset + i] * step.gradientScale() + step.l2() * p;
      m = step.beta1() * m + (1 - step.beta1()) * g;
      v = step.beta2() * v + (1 - step.beta2()) * g * g;
      p -= step.learningRate() * step.weightDecay() * p;
      p -= step.learningRate() * (m / correction1) / (Math.sqrt(v / correction2) + step.epsilon());
      a = step.averageDecay() * a + (1 - step.averageDecay()) * p;
      firstMoment.data[firstMoment.offset + i] = (float) m;
      secondMoment.data[secondMoment.offset + i] = (float) v;
      parameters.data[parameters.offset + i] = (float) p;
      average.data[average.offset + i] = (float) a;
    }
  }
}
