package io.sedd.diffusion.backend.nd4j.rows;

/**
 * Arithmetic of attention on tiles that lie in a cache. Widths are multiples of {@link
 * RowKernels#lanes}; strides are in bytes.
 */
public interface TileRows {

  /**
   * C = A B, or C += A B; A [m, k] with any strides, B [k, n] and C [m, n] in rows.
   *
   * @param rowStride from one row of A to the next
   * @param columnStride from one column of A to the next
   */
  void multiply(
      long a,
      long rowStride,
      long columnStride,
      long b,
      long bStride,
      long c,
      long cStride,
      int m,
      int n,
      int k,
      boolean accumulate);

  /** The largest of n numbers. */
  float maximum(long x, int n);

  /** x = exp(factor x - shift), 0 for -infinity; returns the sum. */
  float exponentials(long x, float factor, float shift, int n);

  /** dp = p (dp - delta) factor: through the softmax. */
  void softmaxBackward(long p, long dp, float delta, float factor, int n);
}
