package io.sedd.diffusion.backend;

/**
 * Memory for the intermediate values of a step, taken like a stack and kept between steps, so that
 * a steady step allocates nothing. Not thread-safe: it belongs to the thread that steps.
 */
public interface Workspace extends AutoCloseable {

  /** A tensor of undefined content, valid until its mark is released or the workspace is reset. */
  Tensor take(int rows, int columns);

  /**
   * As {@link #take}, for numbers that are factors of products and nothing else, which a backend
   * may keep in the precision of its products: what {@link Backend#normModulate} writes, what
   * {@link Backend#linear} reads and writes (and reads again in its backward), qkv, and the mix of
   * {@link Backend#attend}. No other kernel needs to take them; {@link Backend#read} does.
   */
  default Tensor takeFactor(int rows, int columns) {
    return take(rows, columns);
  }

  /** The present height of the stack. */
  long mark();

  /** Takes back everything taken since {@code mark} was read. */
  void release(long mark);

  /** Takes everything back. */
  default void reset() {
    release(0);
  }

  /** Most bytes ever in use at once. */
  long peakBytes();

  @Override
  void close();
}
