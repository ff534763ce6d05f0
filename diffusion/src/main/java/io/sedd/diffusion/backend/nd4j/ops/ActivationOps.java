package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Values and derivatives of {@link Activation}, written out: ND4J's own GELU with the tangent cubes
 * the factor 0.044715 as well.
 */
final class ActivationOps {

  private static final double ROOT_2_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715;

  private ActivationOps() {}

  /** y = f(u); both may lie in the same memory. */
  static void value(Scope scope, Activation activation, INDArray u, INDArray y) {
    switch (activation) {
      case NONE -> Ops.assign(u, y);
      case GELU -> {
        INDArray half = tangent(scope, u);
        Ops.shift(half, 1);
        Ops.scale(half, 0.5);
        Ops.multiply(u, half, y);
      }
      case SILU -> {
        INDArray sigmoid = scope.floats(u.shape());
        Ops.sigmoid(u, sigmoid);
        Ops.multiply(u, sigmoid, y);
      }
    }
  }

  /** dy *= f'(u). */
  static void derivative(Scope scope, Activation activation, INDArray u, INDArray dy) {
    switch (activation) {
      case NONE -> {}
      case GELU -> Ops.multiply(dy, geluDerivative(scope, u), dy);
      case SILU -> {
        INDArray sigmoid = scope.floats(u.shape());
        Ops.sigmoid(u, sigmoid);
        Ops.multiply(dy, sigmoid, dy);
        // 1 + u (1 - sigmoid)
        Ops.scale(sigmoid, -1);
        Ops.shift(sigmoid, 1);
        Ops.multiply(sigmoid, u, sigmoid);
        Ops.shift(sigmoid, 1);
        Ops.multiply(dy, sigmoid, dy);
      }
    }
  }

  /** (1 + t)/2 + u/2 (1 - t²) sqrt(2/pi) (1 + 3 · 0.044715 u²), t the tangent. */
  private static INDArray geluDerivative(Scope scope, INDArray u) {
    INDArray tangent = tangent(scope, u);
    INDArray slope = scope.floats(u.shape());
    Ops.multiply(tangent, tangent, slope);
    Ops.scale(slope, -1);
    Ops.shift(slope, 1);
    Ops.multiply(slope, u, slope);
    INDArray inner = scope.floats(u.shape());
    Ops.multiply(u, u, inner);
    Ops.scale(inner, 3 * CUBIC);
    Ops.shift(inner, 1);
    Ops.multiply(slope, inner, slope);
    Ops.scale(slope, ROOT_2_OVER_PI / 2);
    Ops.shift(tangent, 1);
    Ops.scale(tangent, 0.5);
    Ops.add(slope, tangent, slope);
    return slope;
  }

  /** tanh(sqrt(2/pi) (u + 0.044715 u³)). */
  private static INDArray tangent(Scope scope, INDArray u) {
    INDArray inner = scope.floats(u.shape());
    Ops.multiply(u, u, inner);
    Ops.scale(inner, CUBIC);
    Ops.shift(inner, 1);
    Ops.multiply(inner, u, inner);
    Ops.scale(inner, ROOT_2_OVER_PI);
    Ops.tanh(inner, inner);
    return inner;
  }
}
