package io.sedd.cuda.kernels;

import io.sedd.diffusion.backend.Backend;

/** The same with blocks and warps from the last to the first, an order that a card may choose. */
class CudaReverseConformanceTest extends CudaConformanceTest {

  @Override
  protected Backend open() {
    return EmulatedBackend.openInReverse();
  }
}
