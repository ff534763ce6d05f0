package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.Dropout;
import io.sedd.diffusion.backend.RowLayout;
import org.nd4j.linalg.api.ndarray.INDArray;

/** x *= factors of the dropout, which the host computes; x [R, h]. */
final class DropoutKernel {

  private final Device device;

  DropoutKernel(Device device) {
    this.device = device;
  }

  void dropout(Dropout dropout, int site, RowLayout layout, OpsTensor x) {
    int h = x.columns();
    float[] factors = new float[h];
    for (Chunk chunk : Chunk.of(x.rows(), h)) {
      float[] all = new float[chunk.rows() * h];
      for (int i = 0; i < chunk.rows(); i++) {
        int row = chunk.first() + i;
        dropout.factors(site, layout.sequenceOf(row), layout.positionOf(row), factors);
        System.arraycopy(factors, 0, all, i * h, h);
      }
      try (Scope scope = device.scope()) {
        INDArray rows = x.rows(chunk.first(), chunk.rows());
        Ops.multiply(rows, scope.of(all).reshape('c', chunk.rows(), h), rows);
      }
    }
  }
}
