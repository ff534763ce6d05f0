package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendConformance;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;

/** The parts that are always there, on three threads. */
class ScalarRowsNd4jProductConformanceTest extends BackendConformance {

  @Override
  protected Backend open() {
    RowPool pool = new RowPool(3);
    return new Nd4jBackend(RowKernels.scalar(), new Nd4jMatrixProduct("for this test", pool), pool);
  }
}
