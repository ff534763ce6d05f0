package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;

/** Cross-entropy over the first columns of each row: maximum, sum of exponentials, slopes. */
final class CrossEntropyKernel {

  private final RowKernels rows;
  private final RowPool pool;

  CrossEntropyKernel(RowKernels rows, RowPool pool) {
    this.rows = rows;
    this.pool = pool;
  }

  void crossEntropy(
      Nd4jTensor logits,
      int choices,
      int[] target,
      double[] weight,
      double[] loss,
      Nd4jTensor gradient) {
    int states = logits.columns();
    pool.forRanges(
        logits.rows(),
        Math.max(1, Grain.rows(states) / 4),
        (from, to, _) -> {
          for (int r = from; r < to; r++) {
            long row = logits.row(r);
            float largest = rows.scores().maximum(row, choices);
            double sum = rows.scores().sumExponentials(row, largest, choices);
            float ofTarget = Memory.get(row + 4L * target[r]);
            loss[r] = largest + Math.log(sum) - ofTarget;
            if (gradient != null) {
              long slopes = gradient.row(r);
              double p = Math.exp((double) ofTarget - largest) / sum;
              rows.scores().weights(row, largest, 0, choices, slopes);
              rows.spans().scale(slopes, (float) (weight[r] / sum), slopes, choices);
              Memory.set(slopes + 4L * target[r], (float) (weight[r] * (p - 1)));
              Memory.clear(slopes + 4L * choices, states - choices);
            }
          }
        });
  }
}
