package io.sedd.diffusion.backend.nd4j.rows;

/**
 * Arithmetic of attention on tiles that lie in a cache. Queries lie side by side in panels of
 * {@link #panel}, keys below each other, so that a softmax over the keys goes down the columns of
 * [keys, panel] and needs no sum across a vector. Strides are in bytes.
 */
public interface TileRows {

  /** Rows that {@link #addProduct} takes at once: its m is a multiple of it. */
  int ROWS = 4;

  /** Queries of a panel: as many as the registers hold beside {@value #ROWS} rows. */
  int panel();

  /**
   * C += A B; A [m, k] with any strides, B [k, n] and C [m, n] in rows.
   *
   * @param rowStride from one row of A to the next
   * @param columnStride from one column of A to the next
   * @param m a multiple of {@link #ROWS}
   * @param n a multiple of {@link RowKernels#lanes}
   */
  void addProduct(
      long a,
      long rowStride,
      long columnStride,
      long b,
      long bStride,
      long c,
      long cStride,
      int m,
      int n,
      int k);

  /**
   * One step of a softmax whose keys come in blocks (arXiv 2205.14135, algorithm 1). With M the
   * largest factor s of a column so far:
   *
   * <pre>
   *   s = exp(factor s - M);  correction = exp(M before - M);  sum = sum correction + sum of s
   * </pre>
   *
   * @param scores s, [keys, panel]; minus infinity where a key does not count
   * @param maxima M, [panel]; minus infinity before the first block
   * @param sums [panel]; 0 before the first block
   * @param corrections [panel], written
   * @return whether a correction differs from 1
   */
  boolean softmax(long scores, int keys, float factor, long maxima, long sums, long corrections);

  /** target [n, m] = source [m, n] transposed, both in rows. */
  void transpose(long source, long sourceStride, long target, long targetStride, int m, int n);

  /** x [rows, panel] times the factors of its columns. */
  void scaleColumns(long x, int rows, long factors);

  /**
   * Through the softmax, whose numerators p are computed again: s = p = exp(factor s - logSum), d =
   * p (d - delta) factor.
   *
   * @param scores s, [keys, panel]
   * @param gradients d, [keys, panel]
   * @param logSums [panel]
   * @param deltas [panel]
   */
  void softmaxBackward(
      long scores, long gradients, int keys, float factor, long logSums, long deltas);
}
