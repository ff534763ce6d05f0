package io.sedd.diffusion.backend.nd4j;

import java.util.Optional;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J's own BLAS. A row-major matrix is the transpose of a column-major one, so the products are
 * written on the transposes, all in 'f' order: with results in 'c' order ND4J copies, at a third of
 * the speed.
 */
final class Nd4jMatrixProduct implements MatrixProduct {

  private final String reason;
  private final RowPool pool;

  Nd4jMatrixProduct(String reason, RowPool pool) {
    this.reason = reason;
    this.pool = pool;
  }

  @Override
  public String description() {
    return "fp32 products by ND4J's BLAS (" + reason + ")";
  }

  /** yᵀ = W xᵀ. */
  @Override
  public void forward(Nd4jTensor x, Nd4jTensor weight, Nd4jTensor y, Finish finish) {
    Nd4j.gemm(weight.columnMajor(), x.columnMajor(), y.columnMajor(), true, false, 1, 0);
    pool.forRanges(
        y.rows(),
        Grain.rows(y.columns()),
        (from, end, _) -> finish.finish(from, end, 0, y.columns()));
  }

  /** dWᵀ += xᵀ dy; dxᵀ = Wᵀ dyᵀ. */
  @Override
  public void backward(
      Nd4jTensor dy, Nd4jTensor x, Nd4jTensor weight, Nd4jTensor dx, Nd4jTensor dWeight) {
    Nd4j.gemm(x.columnMajor(), dy.columnMajor(), dWeight.columnMajor(), false, true, 1, 1);
    if (dx != null) {
      Nd4j.gemm(weight.columnMajor(), dy.columnMajor(), dx.columnMajor(), false, false, 1, 0);
    }
  }

  @Override
  public Optional<PackedWeight> pack(Nd4jTensor weight) {
    return Optional.empty();
  }
}
