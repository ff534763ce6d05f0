package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Shapes;
import io.sedd.diffusion.backend.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A row-major window on ND4J memory: an address for the row kernels, an array for ND4J's own. */
final class Nd4jTensor implements Tensor {

  private final Nd4jMemory memory;
  private final long offset;
  private final int rows;
  private final int columns;
  private final boolean owner;
  private final PackedWeight packed;
  private INDArray columnMajor;
  private boolean closed;

  private Nd4jTensor(
      Nd4jMemory memory, long offset, int rows, int columns, boolean owner, PackedWeight packed) {
    this.memory = memory;
    this.packed = packed;
    this.offset = offset;
    this.rows = rows;
    this.columns = columns;
    this.owner = owner;
  }

  /** Of zeros, with memory of its own. */
  static Nd4jTensor zeros(int rows, int columns) {
    return new Nd4jTensor(
        Nd4jMemory.zeros(Shapes.size(rows, columns)), 0, rows, columns, true, null);
  }

  /** On memory that somebody else owns. */
  static Nd4jTensor window(Nd4jMemory memory, long offset, int rows, int columns) {
    return new Nd4jTensor(memory, offset, rows, columns, false, null);
  }

  /** A frozen weight, which can only be multiplied with. Owns its packed form. */
  static Nd4jTensor frozen(PackedWeight packed, int rows, int columns) {
    return new Nd4jTensor(packed.memory(), 0, rows, columns, true, packed);
  }

  /**
   * The tensor as this backend's own; null stays null.
   *
   * @throws IllegalArgumentException if another backend made it, or it has been closed
   */
  static Nd4jTensor of(Tensor tensor) {
    if (tensor == null) {
      return null;
    }
    if (!(tensor instanceof Nd4jTensor own)) {
      throw new IllegalArgumentException(
          "a tensor of " + tensor.getClass().getName() + " was given to the nd4j backend");
    }
    if (own.closed) {
      throw new IllegalArgumentException(
          "a tensor of [" + own.rows + ", " + own.columns + "] is used after it was closed");
    }
    return own;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  /** The form in which a frozen weight is kept; null for every other tensor. */
  PackedWeight packed() {
    return packed;
  }

  /** Address of the first number. */
  long address() {
    requireNumbers();
    return memory.address() + 4 * offset;
  }

  /** Address of a row's first number. */
  long row(int row) {
    return address() + 4L * row * columns;
  }

  /** Bytes from one row to the next. */
  long stride() {
    return 4L * columns;
  }

  /** The transpose as ND4J's BLAS likes it: [columns, rows] in 'f' order, on the same memory. */
  INDArray columnMajor() {
    requireNumbers();
    if (columnMajor == null) {
      columnMajor = memory.columnMajor(offset, columns, rows);
    }
    return columnMajor;
  }

  @Override
  public Nd4jTensor view(long from, int viewRows, int viewColumns) {
    requireNumbers();
    Shapes.view(this, from, viewRows, viewColumns);
    return window(memory, offset + from, viewRows, viewColumns);
  }

  private void requireNumbers() {
    if (packed != null) {
      throw new IllegalArgumentException(
          "a frozen weight of [%d, %d] can only be multiplied with: it is packed as %s"
              .formatted(rows, columns, packed.operand()));
    }
  }

  @Override
  public void close() {
    if (owner && !closed) {
      closed = true;
      memory.close();
    }
  }
}
