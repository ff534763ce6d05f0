package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendConformance;
import io.sedd.diffusion.backend.nd4j.Operand.Type;
import io.sedd.diffusion.backend.nd4j.PrimitiveProduct.Form;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;

/**
 * As {@link Form#BF16}, but with fp32 activations that hold bf16 numbers: what of it runs on every
 * processor.
 */
class PackedBf16ConformanceTest extends BackendConformance {

  @Override
  protected Backend open() {
    RowPool pool = new RowPool(2);
    RowKernels rows = RowKernels.vector();
    return new Nd4jBackend(
        rows,
        Products.primitives(
            new Form(Type.F32, Type.BF16, true, "bf16, packed"), OneDnn.load(), rows, pool),
        pool);
  }
}
