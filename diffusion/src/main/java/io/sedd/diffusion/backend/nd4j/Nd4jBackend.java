package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.GuardedBackend;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;

/** The default: tensors in ND4J's memory on the CPU. */
public final class Nd4jBackend extends GuardedBackend<Nd4jTensor> {

  /** Name by which it is chosen. */
  public static final String NAME = "nd4j";

  /**
   * @param pool owned by this backend from here on
   */
  Nd4jBackend(RowKernels rows, MatrixProduct product, RowPool pool) {
    super(new Nd4jKernels(rows, product, pool));
  }
}
