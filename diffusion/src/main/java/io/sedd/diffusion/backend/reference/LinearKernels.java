package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.Activation;
import java.util.function.UnaryOperator;

/**
 * y = f(u), u = x Wᵀ + b; x [R, in], W [out, in], b [1, out] or null, u, y [R, out]. A factor of a
 * product is what {@code factor} makes of it: itself, or rounded.
 */
final class LinearKernels {

  private LinearKernels() {}

  /** u[r, o] = b[o] + sum_i x[r, i] W[o, i], kept in preActivation unless that is null. */
  static void linear(
      UnaryOperator<ArrayTensor> factor,
      ArrayTensor x,
      ArrayTensor w,
      ArrayTensor bias,
      Activation activation,
      ArrayTensor preActivation,
      ArrayTensor y) {
    ArrayTensor left = factor.apply(x);
    ArrayTensor weight = factor.apply(w);
    for (int r = 0; r < x.rows; r++) {
      for (int o = 0; o < weight.rows; o++) {
        double u = Vectors.dot(left.data, left.row(r), weight.data, weight.row(o), x.columns);
        if (bias != null) {
          u += bias.data[bias.offset + o];
        }
        if (preActivation != null) {
          preActivation.data[preActivation.row(r) + o] = (float) u;
        }
        y.data[y.row(r) + o] = (float) Activations.value(activation, u);
      }
    }
  }

  /** dy becomes du = dy f'(u); dx = du W; dW += duᵀ x; db += sum_r du. */
  static void linearBackward(
      UnaryOperator<ArrayTensor> factor,
      ArrayTensor dy,
      ArrayTensor x,
      ArrayTensor weight,
      Activation activation,
      ArrayTensor preActivation,
      ArrayTensor dx,
      ArrayTensor dWeight,
      ArrayTensor dBias) {
    if (activation != Activation.NONE) {
      for (int i = 0; i < dy.rows * dy.columns; i++) {
        double u = preActivation.data[preActivation.offset + i];
        dy.data[dy.offset + i] *= (float) Activations.derivative(activation, u);
      }
    }
    if (dBias != null) {
      biasGradient(dy, dBias);
    }
    ArrayTensor du = factor.apply(dy);
    weightGradient(du, factor.apply(x), dWeight);
    if (dx != null) {
      inputGradient(du, factor.apply(weight), dx);
    }
  }

  private static void biasGradient(ArrayTensor du, ArrayTensor dBias) {
    for (int o = 0; o < du.columns; o++) {
      double sum = 0;
      for (int r = 0; r < du.rows; r++) {
        sum += du.data[du.row(r) + o];
      }
      dBias.data[dBias.offset + o] = (float) (dBias.data[dBias.offset + o] + sum);
    }
  }

  private static void weightGradient(ArrayTensor du, ArrayTensor x, ArrayTensor dWeight) {
    for (int o = 0; o < du.columns; o++) {
      double[] sums = new double[x.columns];
      for (int r = 0; r < x.rows; r++) {
        double gradient = du.data[du.row(r) + o];
        Vectors.addScaled(gradient, x.data, x.row(r), sums, 0, x.columns);
      }
      Vectors.addTo(dWeight.data, dWeight.row(o), sums, x.columns);
    }
  }

  private static void inputGradient(ArrayTensor du, ArrayTensor weight, ArrayTensor dx) {
    for (int r = 0; r < dx.rows; r++) {
      double[] sums = new double[dx.columns];
      for (int o = 0; o < weight.rows; o++) {
        double gradient = du.data[du.row(r) + o];
        Vectors.addScaled(gradient, weight.data, weight.row(o), sums, 0, dx.columns);
      }
      Vectors.store(sums, 0, dx.data, dx.row(r), dx.columns);
    }
  }
}
