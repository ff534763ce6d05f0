package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.Dropout;
import io.sedd.diffusion.backend.RowLayout;

/** x *= factors of the dropout; x [R, h]. */
final class DropoutKernel {

  private DropoutKernel() {}

  static void dropout(Dropout dropout, int site, RowLayout layout, ArrayTensor x) {
    float[] factors = new float[x.columns];
    for (int r = 0; r < x.rows; r++) {
      dropout.factors(site, layout.sequenceOf(r), layout.positionOf(r), factors);
      for (int i = 0; i < x.columns; i++) {
        x.data[x.row(r) + i] *= factors[i];
      }
    }
  }
}
