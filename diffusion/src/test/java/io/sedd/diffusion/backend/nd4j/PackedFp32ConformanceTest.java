package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendConformance;
import io.sedd.diffusion.backend.nd4j.PrimitiveProduct.Form;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;

/** fp32 as it is computed with AVX-512. */
class PackedFp32ConformanceTest extends BackendConformance {

  @Override
  protected Backend open() {
    RowPool pool = new RowPool(2);
    RowKernels rows = RowKernels.vector();
    return new Nd4jBackend(
        rows, Products.primitives(Form.PACKED_FP32, OneDnn.load(), rows, pool), pool);
  }
}
