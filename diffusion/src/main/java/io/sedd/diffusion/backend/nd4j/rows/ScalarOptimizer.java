package io.sedd.diffusion.backend.nd4j.rows;

import static io.sedd.diffusion.backend.nd4j.rows.Memory.get;
import static io.sedd.diffusion.backend.nd4j.rows.Memory.set;

/** {@link OptimizerRows} in plain Java. */
final class ScalarOptimizer implements OptimizerRows {

  @Override
  public double sumOfSquares(long x, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double value = get(x + 4L * i);
      sum += value * value;
    }
    return sum;
  }

  @Override
  public void adamW(
      Constants constants,
      long gradient,
      long parameters,
      long firstMoment,
      long secondMoment,
      long average,
      int n) {
    for (int i = 0; i < n; i++) {
      long at = 4L * i;
      float before = get(parameters + at);
      float g = get(gradient + at) * constants.scale() + constants.l2() * before;
      float m = get(firstMoment + at) * constants.beta1() + constants.gain1() * g;
      float v = get(secondMoment + at) * constants.beta2() + constants.gain2() * g * g;
      float root = (float) Math.sqrt(v) * constants.rootScale() + constants.epsilon();
      float p = before * constants.keep() - constants.rate() * (m / root);
      float held = get(average + at);
      set(firstMoment + at, m);
      set(secondMoment + at, v);
      set(parameters + at, p);
      set(average + at, held + constants.averageGain() * (p - held));
    }
  }
}
