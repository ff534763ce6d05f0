package io.sedd.cuda.kernels;

import io.sedd.diffusion.backend.Backend;

/**
 * The same in another order, that a card may choose: blocks and warps from the last to the first,
 * and streams that do their work as late as they may, so that what relies on another stream, or on
 * the host, without waiting for it is found out.
 */
class CudaOrderConformanceTest extends CudaConformanceTest {

  @Override
  protected Backend open() {
    return EmulatedBackend.openInAnotherOrder();
  }
}
