package io.sedd.diffusion.backend;

/**
 * A dense row-major matrix of real numbers in a backend's memory. Only the backend that made it can
 * use it. How the numbers are stored (fp32, bf16) is the backend's business; {@link Backend#read}
 * gives fp32.
 */
public interface Tensor extends AutoCloseable {

  /** Number of rows. */
  int rows();

  /** Number of columns. */
  int columns();

  /** Number of elements. */
  default long size() {
    return (long) rows() * columns();
  }

  /**
   * A window on the same memory: {@code rows * columns} elements from element {@code offset} on.
   * Closing it does nothing.
   *
   * @throws IllegalArgumentException if the window does not lie inside this tensor
   */
  Tensor view(long offset, int rows, int columns);

  /** Gives the memory back where this tensor owns it; views and workspace tensors own nothing. */
  @Override
  void close();
}
