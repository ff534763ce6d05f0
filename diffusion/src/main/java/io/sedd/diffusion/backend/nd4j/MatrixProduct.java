package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Precision;
import java.util.Optional;

/** The three products of a linear layer; x [R, in], W [out, in], y [R, out], all row-major fp32. */
interface MatrixProduct extends AutoCloseable {

  /** What is done with a part of a result while it is still in the cache; from several threads. */
  @FunctionalInterface
  interface Finish {
    /** Rows and columns of y that are complete now. */
    void finish(int fromRow, int endRow, int fromColumn, int endColumn);
  }

  /** For the log: which library, in which precision, and why. */
  String description();

  /** FP32 or BF16. */
  default Precision precision() {
    return Precision.FP32;
  }

  /** y = x Wᵀ; every part of it is finished once. */
  void forward(Nd4jTensor x, Nd4jTensor weight, Nd4jTensor y, Finish finish);

  /**
   * dW += dyᵀ x, and dx = dy W. Both at once, since dy may have to be rounded for them.
   *
   * @param dx null where nobody wants it
   */
  void backward(Nd4jTensor dy, Nd4jTensor x, Nd4jTensor weight, Nd4jTensor dx, Nd4jTensor dWeight);

  /**
   * A weight that will not change any more, in the form that {@link #forward} likes best; the given
   * one is not needed for it. Empty where it is best as it is.
   */
  Optional<PackedWeight> pack(Nd4jTensor weight);

  /** Gives back what is kept between products. */
  @Override
  default void close() {}
}
