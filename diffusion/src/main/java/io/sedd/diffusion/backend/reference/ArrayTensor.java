package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.Shapes;
import io.sedd.diffusion.backend.Tensor;

/** Elements {@code [offset, offset + rows * columns)} of an array, row after row. */
final class ArrayTensor implements Tensor {

  final float[] data;
  final int offset;
  final int rows;
  final int columns;

  ArrayTensor(float[] data, int offset, int rows, int columns) {
    this.data = data;
    this.offset = offset;
    this.rows = rows;
    this.columns = columns;
  }

  /** Where a row begins in the array. */
  int row(int row) {
    return offset + row * columns;
  }

  /** Where the last row ends in the array. */
  int end() {
    return offset + rows * columns;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public Tensor view(long first, int viewRows, int viewColumns) {
    Shapes.view(this, first, viewRows, viewColumns);
    return new ArrayTensor(data, offset + (int) first, viewRows, viewColumns);
  }

  /** The garbage collector takes the array. */
  @Override
  public void close() {}

  @Override
  public String toString() {
    return "ArrayTensor[" + rows + ", " + columns + "]";
  }
}
