package io.sedd.diffusion.backend.nd4j;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendConformance;
import io.sedd.diffusion.backend.nd4j.PrimitiveProduct.Form;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;

/** {@link Form#BF16}, where the processor can do it, be it worthwhile or not. */
class NativeBf16ConformanceTest extends BackendConformance {

  @Override
  protected Backend open() {
    OneDnn library = OneDnn.load();
    assumeTrue(library.multipliesBf16(), "this processor has no bf16 instructions");
    RowPool pool = new RowPool(2);
    RowKernels rows = RowKernels.vector();
    return new Nd4jBackend(rows, Products.primitives(Form.BF16, library, rows, pool), pool);
  }
}
