package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;

/** Rows picked from a table by number, and their gradients. */
final class TableKernel {

  /** Columns of one task of the gradient. */
  private static final int STRIPE = 64;

  private final RowKernels rows;
  private final RowPool pool;

  TableKernel(RowKernels rows, RowPool pool) {
    this.rows = rows;
    this.pool = pool;
  }

  /** y[i] = table[numbers[i]]. */
  void pick(Nd4jTensor table, int[] numbers, Nd4jTensor y) {
    int n = y.columns();
    pool.forRanges(
        numbers.length,
        Grain.rows(n),
        (from, to, _) -> {
          for (int i = from; i < to; i++) {
            Memory.copy(table.row(numbers[i]), y.row(i), n);
          }
        });
  }

  /** dTable[numbers[i]] += dy[i]; tasks are stripes of columns, so each adds all rows in order. */
  void pickBackward(Nd4jTensor dy, int[] numbers, Nd4jTensor dTable) {
    pool.forRanges(
        dy.columns(),
        STRIPE,
        (from, to, _) -> {
          for (int i = 0; i < numbers.length; i++) {
            rows.spans().add(dy.row(i) + 4L * from, dTable.row(numbers[i]) + 4L * from, to - from);
          }
        });
  }
}
