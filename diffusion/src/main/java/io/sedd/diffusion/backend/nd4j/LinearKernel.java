package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;

/** The linear layer around the matrix products: bias, activation and their gradients. */
final class LinearKernel {

  /**
   * Rows whose bias gradients one task sums. It does not depend on the number of threads, so that
   * the sum over all rows is always taken in the same order.
   */
  private static final int CHUNK = 64;

  private final MatrixProduct product;
  private final RowKernels rows;
  private final RowPool pool;
  private final Scratch shared;

  /**
   * @param shared of one stretch, for sums that all threads write
   */
  LinearKernel(MatrixProduct product, RowKernels rows, RowPool pool, Scratch shared) {
    this.product = product;
    this.rows = rows;
    this.pool = pool;
    this.shared = shared;
  }

  void linear(
      Nd4jTensor x,
      Nd4jTensor weight,
      Nd4jTensor bias,
      Activation activation,
      Nd4jTensor preActivation,
      Nd4jTensor y) {
    if (y.rows() == 0) {
      return;
    }
    Nd4jTensor before = preActivation == null ? y : preActivation;
    if (bias == null && activation == Activation.NONE && before == y) {
      product.forward(x, weight, y, (_, _, _, _) -> {});
      return;
    }
    product.forward(
        x,
        weight,
        before,
        (fromRow, endRow, fromColumn, endColumn) -> {
          int n = endColumn - fromColumn;
          long skipped = 4L * fromColumn;
          for (int r = fromRow; r < endRow; r++) {
            long sum = before.row(r) + skipped;
            if (bias != null) {
              rows.spans().add(bias.address() + skipped, sum, n);
            }
            long target = y.row(r) + skipped;
            switch (activation) {
              case NONE -> {
                if (before != y) {
                  Memory.copy(sum, target, n);
                }
              }
              case GELU -> rows.activations().gelu(sum, target, n);
              case SILU -> rows.activations().silu(sum, target, n);
            }
          }
        });
  }

  void linearBackward(
      Nd4jTensor dy,
      Nd4jTensor x,
      Nd4jTensor weight,
      Activation activation,
      Nd4jTensor preActivation,
      Nd4jTensor dx,
      Nd4jTensor dWeight,
      Nd4jTensor dBias) {
    if (dy.rows() == 0) {
      return;
    }
    if (activation != Activation.NONE || dBias != null) {
      throughActivation(dy, activation, preActivation, dBias);
    }
    product.backward(dy, x, weight, dx, dWeight);
  }

  /** dy *= activation'(pre), and its column sums to dBias, in one pass. */
  private void throughActivation(
      Nd4jTensor dy, Activation activation, Nd4jTensor preActivation, Nd4jTensor dBias) {
    int n = dy.columns();
    int chunks = Math.ceilDiv(dy.rows(), CHUNK);
    long sums = shared.address(0, (long) chunks * n);
    pool.forRanges(
        dy.rows(),
        CHUNK,
        (from, to, _) -> {
          long sum = sums + 4L * n * (from / CHUNK);
          Memory.clear(sum, n);
          for (int r = from; r < to; r++) {
            switch (activation) {
              case NONE -> {}
              case GELU -> rows.activations().geluBackward(preActivation.row(r), dy.row(r), n);
              case SILU -> rows.activations().siluBackward(preActivation.row(r), dy.row(r), n);
            }
            if (dBias != null) {
              rows.spans().add(dy.row(r), sum, n);
            }
          }
        });
    for (int chunk = 0; dBias != null && chunk < chunks; chunk++) {
      rows.spans().add(sums + 4L * n * chunk, dBias.address(), n);
    }
  }
}
