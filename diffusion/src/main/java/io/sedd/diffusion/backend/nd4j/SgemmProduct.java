package io.sedd.diffusion.backend.nd4j;

import java.util.Optional;

/**
 * oneDNN's sgemm, each product cut into pieces. The pool's own threads compute: OpenMP's would go
 * on spinning on the cores for a while after each product, when the row kernels want them.
 */
final class SgemmProduct implements MatrixProduct {

  /** Fewer multiplications than this are not worth waking a thread for: about 10 µs of work. */
  static final long WORTH_SHARING = 1 << 20;

  /** Pieces begin at multiples of this, as the library's own blocks do. */
  private static final int STEP = 16;

  /**
   * Longest side of a piece that is cut: small pieces let one thread take over from another whose
   * core is busy elsewhere, and cost nothing (105 GFLOP/s a core, 100 with pieces of 2048).
   */
  private static final int LONGEST = 256;

  /** The same for weight gradients, whose results are smaller and whose sums are longer. */
  private static final int LONGEST_OF_WEIGHTS = 128;

  private final OneDnn library;
  private final RowPool pool;

  SgemmProduct(OneDnn library, RowPool pool) {
    this.library = library;
    this.pool = pool;
  }

  @Override
  public String description() {
    return "fp32 products by oneDNN's sgemm, as fast as its primitives without AVX-512";
  }

  @Override
  public void forward(Nd4jTensor x, Nd4jTensor weight, Nd4jTensor y, Finish finish) {
    int in = x.columns();
    int out = weight.rows();
    share(
        x.rows(),
        out,
        in,
        LONGEST,
        (m0, m1, n0, n1) -> {
          library.sgemm(
              false,
              true,
              m1 - m0,
              n1 - n0,
              in,
              x.row(m0),
              in,
              weight.row(n0),
              in,
              0,
              y.row(m0) + 4L * n0,
              out);
          finish.finish(m0, m1, n0, n1);
        });
  }

  @Override
  public void backward(
      Nd4jTensor dy, Nd4jTensor x, Nd4jTensor weight, Nd4jTensor dx, Nd4jTensor dWeight) {
    weightGradient(dy.address(), x.address(), x.rows(), dWeight);
    if (dx != null) {
      inputGradient(dy.address(), weight.address(), weight.rows(), dx);
    }
  }

  /** dx = dy W, W of {@code out} rows, at the addresses. */
  void inputGradient(long dy, long weight, int out, Nd4jTensor dx) {
    int in = dx.columns();
    share(
        dx.rows(),
        in,
        out,
        LONGEST,
        (m0, m1, n0, n1) ->
            library.sgemm(
                false,
                false,
                m1 - m0,
                n1 - n0,
                out,
                dy + 4L * m0 * out,
                out,
                weight + 4L * n0,
                in,
                0,
                dx.row(m0) + 4L * n0,
                in));
  }

  /** dW += dyᵀ x, of {@code rows} rows at the addresses. */
  void weightGradient(long dy, long x, int rows, Nd4jTensor dWeight) {
    int in = dWeight.columns();
    int out = dWeight.rows();
    share(
        out,
        in,
        rows,
        LONGEST_OF_WEIGHTS,
        (m0, m1, n0, n1) ->
            library.sgemm(
                true,
                false,
                m1 - m0,
                n1 - n0,
                rows,
                dy + 4L * m0,
                out,
                x + 4L * n0,
                in,
                1,
                dWeight.row(m0) + 4L * n0,
                in));
  }

  @Override
  public Optional<PackedWeight> pack(Nd4jTensor weight) {
    return Optional.empty();
  }

  /** Whether a product of so many multiplications is shared by the pool's threads. */
  boolean worthSharing(long multiplications) {
    return library.singleThreaded() && multiplications >= WORTH_SHARING;
  }

  /** A piece of the result: rows m0 to m1, columns n0 to n1. */
  private interface Piece {
    void compute(int m0, int m1, int n0, int n1);
  }

  /**
   * Cuts the longer side of the result into pieces of at most {@code longest}, one a thread at
   * least.
   */
  private void share(int m, int n, int k, int longest, Piece piece) {
    if (!worthSharing((long) m * n * k)) {
      piece.compute(0, m, 0, n);
      return;
    }
    int even = Math.ceilDiv(Math.max(m, n), pool.threads());
    int grain = Math.ceilDiv(Math.min(even, longest), STEP) * STEP;
    if (m >= n) {
      pool.forRanges(m, grain, (from, to, _) -> piece.compute(from, to, 0, n));
    } else {
      pool.forRanges(n, grain, (from, to, _) -> piece.compute(0, m, from, to));
    }
  }
}
