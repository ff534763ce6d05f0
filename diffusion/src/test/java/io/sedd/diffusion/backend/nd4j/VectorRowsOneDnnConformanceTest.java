package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendConformance;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;

/** The fast parts together, on two threads. */
class VectorRowsOneDnnConformanceTest extends BackendConformance {

  @Override
  protected Backend open() {
    RowPool pool = new RowPool(2);
    return new Nd4jBackend(RowKernels.vector(), new SgemmProduct(OneDnn.load(), pool), pool);
  }
}
