package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendConformance;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;

/** bf16 where the processor has no instructions for it. */
class Bf16WeightsConformanceTest extends BackendConformance {

  @Override
  protected Backend open() {
    RowPool pool = new RowPool(2);
    RowKernels rows = RowKernels.vector();
    return new Nd4jBackend(
        rows, new WidenedProduct(OneDnn.load(), rows.rounding(), pool, "wanted"), pool);
  }
}
