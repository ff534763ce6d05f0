package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.RowLayout;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rotary position encoding (arXiv 2104.09864) on the halves of each head of q and k, in place; qkv
 * [R, 3h]. The gradient is the rotation by the opposite angle. Angles, of up to thousands of
 * radians, need more than fp32: the host computes their cosines and sines, once.
 */
final class RotaryKernel implements AutoCloseable {

  private static final double BASE = 10_000;

  private final Device device;

  /** Cosines and sines of the first positions, [positions, d/2] each; null before the first use. */
  private OpsTensor cosines;

  private OpsTensor sines;

  RotaryKernel(Device device) {
    this.device = device;
  }

  /**
   * (a, b) becomes (a cos - b sin, b cos + a sin), angle = position · 10000^(-2j/d).
   *
   * @param back by the opposite angle
   */
  void rotate(OpsTensor qkv, int heads, RowLayout layout, boolean back) {
    int d = qkv.columns() / 3 / heads;
    int half = d / 2;
    prepare(layout, half);
    for (Chunk chunk : Chunk.of(qkv.rows(), 2 * heads * half)) {
      int[] positions = new int[chunk.rows()];
      for (int i = 0; i < positions.length; i++) {
        positions[i] = layout.positionOf(chunk.first() + i);
      }
      try (Scope scope = device.scope()) {
        INDArray indices = scope.indices(positions);
        INDArray cos = ofRows(scope, cosines, indices);
        INDArray sin = ofRows(scope, sines, indices);
        if (back) {
          Ops.scale(sin, -1);
        }
        // the heads of q, then those of k, lie side by side
        long[] shape = {chunk.rows(), 2L * heads, half};
        long[] strides = {qkv.columns(), d, 1};
        long at = (long) chunk.first() * qkv.columns();
        INDArray a = qkv.window(at, shape, strides);
        INDArray b = qkv.window(at + half, shape, strides);
        INDArray newA = scope.floats(shape);
        INDArray newB = scope.floats(shape);
        INDArray part = scope.floats(shape);
        Ops.multiply(a, cos, newA);
        Ops.multiply(b, sin, part);
        Ops.subtract(newA, part, newA);
        Ops.multiply(b, cos, newB);
        Ops.multiply(a, sin, part);
        Ops.add(newB, part, newB);
        Ops.assign(newA, a);
        Ops.assign(newB, b);
      }
    }
  }

  /** [rows, 1, half]. */
  private static INDArray ofRows(Scope scope, OpsTensor table, INDArray positions) {
    INDArray rows = scope.floats(positions.length(), table.columns());
    Ops.gather(table.array(), positions, rows);
    return rows.reshape('c', positions.length(), 1, table.columns());
  }

  /** Tables for all positions of the layout. */
  private void prepare(RowLayout layout, int half) {
    int positions = 1;
    for (int r = 0; r < layout.rows(); r++) {
      positions = Math.max(positions, layout.positionOf(r) + 1);
    }
    if (sines != null && sines.columns() == half && sines.rows() >= positions) {
      return;
    }
    close();
    int rows = Math.max(64, Integer.highestOneBit(2 * positions - 1));
    float[] cos = new float[rows * half];
    float[] sin = new float[rows * half];
    for (int position = 0; position < rows; position++) {
      for (int j = 0; j < half; j++) {
        double angle = position * Math.pow(BASE, -1.0 * j / half);
        cos[position * half + j] = (float) Math.cos(angle);
        sin[position * half + j] = (float) Math.sin(angle);
      }
    }
    cosines = table(cos, half);
    sines = table(sin, half);
  }

  private OpsTensor table(float[] values, int columns) {
    OpsTensor table = OpsTensor.zeros(device, values.length / columns, columns);
    try (Scope scope = device.scope()) {
      Ops.assign(scope.of(values).reshape('c', table.rows(), columns), table.array());
    }
    return table;
  }

  @Override
  public void close() {
    if (cosines != null) {
      cosines.close();
      cosines = null;
    }
    if (sines != null) {
      sines.close();
      sines = null;
    }
  }
}
