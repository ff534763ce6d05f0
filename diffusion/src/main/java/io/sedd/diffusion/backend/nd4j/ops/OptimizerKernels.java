package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.AdamWStep;
import org.nd4j.linalg.api.ndarray.INDArray;

/** AdamW (arXiv 1711.05101, algorithm 2) with the moving average, and the sum of squares. */
final class OptimizerKernels {

  private final Device device;

  OptimizerKernels(Device device) {
    this.device = device;
  }

  void adamW(
      AdamWStep step,
      OpsTensor gradient,
      OpsTensor parameters,
      OpsTensor firstMoment,
      OpsTensor secondMoment,
      OpsTensor average) {
    for (Chunk chunk : Chunk.ofElements(parameters.size())) {
      try (Scope scope = device.scope()) {
        update(
            scope,
            step,
            gradient.span(chunk.first(), chunk.rows()),
            parameters.span(chunk.first(), chunk.rows()),
            firstMoment.span(chunk.first(), chunk.rows()),
            secondMoment.span(chunk.first(), chunk.rows()),
            average.span(chunk.first(), chunk.rows()));
      }
    }
  }

  /** In double; [1, n] each. */
  private static void update(
      Scope scope,
      AdamWStep step,
      INDArray gradient,
      INDArray parameters,
      INDArray firstMoment,
      INDArray secondMoment,
      INDArray average) {
    INDArray p = scope.doublesOf(parameters);
    INDArray g = scope.doublesOf(gradient);
    INDArray part = scope.doubles(p.shape());
    Ops.scale(g, step.gradientScale());
    if (step.l2() != 0) {
      Ops.assign(p, part);
      Ops.scale(part, step.l2());
      Ops.add(g, part, g);
    }
    INDArray m = scope.doublesOf(firstMoment);
    Ops.scale(m, step.beta1());
    Ops.assign(g, part);
    Ops.scale(part, 1 - step.beta1());
    Ops.add(m, part, m);
    Ops.assign(m, firstMoment);
    INDArray v = scope.doublesOf(secondMoment);
    Ops.scale(v, step.beta2());
    Ops.multiply(g, g, part);
    Ops.scale(part, 1 - step.beta2());
    Ops.add(v, part, v);
    Ops.assign(v, secondMoment);
    Ops.scale(p, 1 - step.learningRate() * step.weightDecay());
    Ops.scale(v, 1 / (1 - Math.pow(step.beta2(), step.number())));
    Ops.root(v);
    Ops.shift(v, step.epsilon());
    Ops.divide(m, v, m);
    Ops.scale(m, step.learningRate() / (1 - Math.pow(step.beta1(), step.number())));
    Ops.subtract(p, m, p);
    Ops.assign(p, parameters);
    INDArray a = scope.doublesOf(average);
    Ops.scale(a, step.averageDecay());
    Ops.scale(p, 1 - step.averageDecay());
    Ops.add(a, p, a);
    Ops.assign(a, average);
  }

  double sumOfSquares(OpsTensor tensor) {
    double sum = 0;
    for (Chunk chunk : Chunk.ofElements(tensor.size())) {
      try (Scope scope = device.scope()) {
        INDArray values = scope.doublesOf(tensor.span(chunk.first(), chunk.rows()));
        Ops.multiply(values, values, values);
        sum += scope.rowSums(values)[0];
      }
    }
    return sum;
  }
}
