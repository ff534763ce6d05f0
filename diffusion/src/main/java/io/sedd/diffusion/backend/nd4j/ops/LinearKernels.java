package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.Activation;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * y = f(u), u = x Wᵀ + b; x [R, in], W [out, in], b [1, out] or null, u, y [R, out]. Products are
 * written on the transposes, which lie in 'f' order: ND4J copies what does not.
 */
final class LinearKernels {

  private final Device device;

  LinearKernels(Device device) {
    this.device = device;
  }

  /** uᵀ = W xᵀ + bᵀ, kept in preActivation unless that is null. */
  void linear(
      OpsTensor x,
      OpsTensor weight,
      OpsTensor bias,
      Activation activation,
      OpsTensor preActivation,
      OpsTensor y) {
    if (y.isEmpty()) {
      return;
    }
    OpsTensor u = preActivation == null ? y : preActivation;
    try (Scope _ = device.scope()) {
      Ops.product(weight.transposed(), true, x.transposed(), false, 1, 0, u.transposed());
      if (bias != null) {
        Ops.add(u.array(), bias.array(), u.array());
      }
    }
    if (activation != Activation.NONE || u != y) {
      for (Chunk chunk : Chunk.ofElements(y.size())) {
        try (Scope scope = device.scope()) {
          ActivationOps.value(scope, activation, part(u, chunk), part(y, chunk));
        }
      }
    }
  }

  private static INDArray part(OpsTensor tensor, Chunk chunk) {
    return tensor.span(chunk.first(), chunk.rows());
  }

  /** dy becomes du = dy f'(u); dxᵀ = Wᵀ duᵀ; dWᵀ += xᵀ du; db += sum_r du. */
  void linearBackward(
      OpsTensor dy,
      OpsTensor x,
      OpsTensor weight,
      Activation activation,
      OpsTensor preActivation,
      OpsTensor dx,
      OpsTensor dWeight,
      OpsTensor dBias) {
    if (dy.isEmpty()) {
      return;
    }
    if (activation != Activation.NONE) {
      for (Chunk chunk : Chunk.ofElements(dy.size())) {
        try (Scope scope = device.scope()) {
          ActivationOps.derivative(scope, activation, part(preActivation, chunk), part(dy, chunk));
        }
      }
    }
    try (Scope scope = device.scope()) {
      if (dBias != null) {
        float[] ones = new float[dy.rows()];
        Arrays.fill(ones, 1);
        INDArray column = scope.of(ones).reshape('c', dy.rows(), 1);
        Ops.product(dy.transposed(), false, column, false, 1, 1, dBias.transposed());
      }
      Ops.product(x.transposed(), false, dy.transposed(), true, 1, 1, dWeight.transposed());
      if (dx != null) {
        Ops.product(weight.transposed(), false, dy.transposed(), false, 1, 0, dx.transposed());
      }
    }
  }
}
