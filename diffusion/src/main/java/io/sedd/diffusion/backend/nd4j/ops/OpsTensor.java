package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.Shapes;
import io.sedd.diffusion.backend.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A row-major window on the device's memory. Its arrays are views for ND4J's operations; one with
 * no elements has none.
 */
final class OpsTensor implements Tensor {

  private final Slab memory;
  private final long offset;
  private final int rows;
  private final int columns;
  private final boolean owner;
  private INDArray array;
  private INDArray transposed;
  private boolean closed;

  private OpsTensor(Slab memory, long offset, int rows, int columns, boolean owner) {
    this.memory = memory;
    this.offset = offset;
    this.rows = rows;
    this.columns = columns;
    this.owner = owner;
  }

  /** Of zeros, with memory of its own. */
  static OpsTensor zeros(Device device, int rows, int columns) {
    Slab memory = device.slab(Shapes.size(rows, columns));
    memory.clear();
    return new OpsTensor(memory, 0, rows, columns, true);
  }

  /** On memory that somebody else owns. */
  static OpsTensor window(Slab memory, long offset, int rows, int columns) {
    return new OpsTensor(memory, offset, rows, columns, false);
  }

  /**
   * The tensor as this backend's own; null stays null.
   *
   * @throws IllegalArgumentException if another backend made it, or it has been closed
   */
  static OpsTensor of(Tensor tensor) {
    return switch (tensor) {
      case null -> null;
      case OpsTensor own when own.closed ->
          throw new IllegalArgumentException(
              "a tensor of [%d, %d] is used after it was closed".formatted(own.rows, own.columns));
      case OpsTensor own -> own;
      default ->
          throw new IllegalArgumentException(
              "a tensor of %s was given to the nd4j backend"
                  .formatted(tensor.getClass().getName()));
    };
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  boolean isEmpty() {
    return size() == 0;
  }

  /** [rows, columns]. */
  INDArray array() {
    if (array == null) {
      array = rows(0, rows);
    }
    return array;
  }

  /** The transpose, [columns, rows] in 'f' order: in which ND4J multiplies without a copy. */
  INDArray transposed() {
    if (transposed == null) {
      transposed = memory.window(offset, new long[] {columns, rows}, new long[] {1, columns}, 'f');
    }
    return transposed;
  }

  /** Rows from {@code first} on, [count, columns]. */
  INDArray rows(int first, int count) {
    return block(first, count, 0, columns);
  }

  /** A part of the columns of some rows, [count, width]. */
  INDArray block(int first, int count, int column, int width) {
    return window(
        (long) first * columns + column, new long[] {count, width}, new long[] {columns, 1});
  }

  /** Elements from {@code first} on, [1, count]. */
  INDArray span(long first, int count) {
    return window(first, new long[] {1, count}, new long[] {count, 1});
  }

  /** Any view with ascending axes, from an element on. */
  INDArray window(long first, long[] shape, long[] strides) {
    return memory.window(offset + first, shape, strides, 'c');
  }

  @Override
  public OpsTensor view(long first, int viewRows, int viewColumns) {
    Shapes.view(this, first, viewRows, viewColumns);
    return window(memory, offset + first, viewRows, viewColumns);
  }

  @Override
  public void close() {
    if (owner && !closed) {
      closed = true;
      memory.close();
    }
  }
}
