package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Dropout;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.nd4j.rows.Memory;

/** Sets numbers to 0 by chance. */
final class DropoutKernel {

  /** Much more work for a number than a simple loop does. */
  private static final int COST = 16;

  private final RowPool pool;

  DropoutKernel(RowPool pool) {
    this.pool = pool;
  }

  void dropout(Dropout dropout, int site, RowLayout layout, Nd4jTensor x) {
    int n = x.columns();
    pool.forRanges(
        x.rows(),
        Grain.rows(COST * n),
        (from, to, _) -> {
          float[] factors = new float[n];
          for (int r = from; r < to; r++) {
            dropout.factors(site, layout.sequenceOf(r), layout.positionOf(r), factors);
            long row = x.row(r);
            for (int i = 0; i < n; i++) {
              Memory.set(row + 4L * i, Memory.get(row + 4L * i) * factors[i]);
            }
          }
        });
  }
}
