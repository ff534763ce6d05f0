package io.sedd.cuda.memory;

import io.sedd.cuda.driver.Element;
import io.sedd.diffusion.backend.Shapes;
import io.sedd.diffusion.backend.Tensor;

/** A row-major window on device memory. */
public final class CudaTensor implements Tensor {

  private final Allocation allocation;
  private final long address;
  private final Element element;
  private final int rows;
  private final int columns;
  private final boolean owner;

  CudaTensor(
      Allocation allocation, long address, Element element, int rows, int columns, boolean owner) {
    this.allocation = allocation;
    this.address = address;
    this.element = element;
    this.rows = rows;
    this.columns = columns;
    this.owner = owner;
  }

  /**
   * The tensor as this backend's own; null stays null.
   *
   * @throws IllegalArgumentException if another backend made it, or its memory has been given back
   */
  public static CudaTensor of(Tensor tensor) {
    if (tensor == null) {
      return null;
    }
    if (!(tensor instanceof CudaTensor own)) {
      throw new IllegalArgumentException(
          "a tensor of " + tensor.getClass().getName() + " was given to the cuda backend");
    }
    if (own.allocation.closed()) {
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

  /** How its numbers are kept. */
  public Element element() {
    return element;
  }

  /** Device address of the first number; of a view, a multiple of the number's size only. */
  public long address() {
    return address;
  }

  /** Of all its numbers. */
  public long bytes() {
    return size() * element.bytes();
  }

  @Override
  public CudaTensor view(long offset, int viewRows, int viewColumns) {
    Shapes.view(this, offset, viewRows, viewColumns);
    return new CudaTensor(
        allocation, address + offset * element.bytes(), element, viewRows, viewColumns, false);
  }

  @Override
  public void close() {
    if (owner) {
      allocation.close();
    }
  }
}
