package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;

/**
 * Rotary position encoding (arXiv 2104.09864) with a table of angles that is kept between calls.
 */
final class RotaryKernel implements AutoCloseable {

  private static final double BASE = 10_000;

  private final RowKernels rows;
  private final RowPool pool;

  /** Cosines, then sines, of every position; of {@link #half} angles each. */
  private Nd4jMemory table;

  private int half;
  private int positions;

  RotaryKernel(RowKernels rows, RowPool pool) {
    this.rows = rows;
    this.pool = pool;
  }

  /**
   * @param direction 1, or -1 for the gradient
   */
  void rotate(Nd4jTensor qkv, int heads, RowLayout layout, float direction) {
    int hidden = qkv.columns() / 3;
    int last = -1;
    for (int r = 0; r < layout.rows(); r++) {
      last = Math.max(last, layout.positionOf(r));
    }
    prepare(hidden / heads / 2, last + 1);
    pool.forRanges(
        qkv.rows(),
        Grain.rows(2 * hidden),
        (from, to, _) -> {
          for (int r = from; r < to; r++) {
            long cos = table.address() + 8L * half * layout.positionOf(r);
            // q and k lie side by side: 2 · heads heads
            rows.activations().rotate(qkv.row(r), 2 * heads, half, cos, cos + 4L * half, direction);
          }
        });
  }

  private void prepare(int wantedHalf, int wantedPositions) {
    if (table != null && half == wantedHalf && positions >= wantedPositions) {
      return;
    }
    close();
    half = wantedHalf;
    positions = wantedPositions;
    table = new Nd4jMemory(2L * half * positions);
    for (int position = 0; position < positions; position++) {
      for (int j = 0; j < half; j++) {
        double angle = position * Math.pow(BASE, -(double) j / half);
        long at = table.address() + 8L * half * position + 4L * j;
        Memory.set(at, (float) Math.cos(angle));
        Memory.set(at + 4L * half, (float) Math.sin(angle));
      }
    }
  }

  @Override
  public void close() {
    if (table != null) {
      table.close();
      table = null;
    }
  }
}
