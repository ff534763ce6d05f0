package io.sedd.cuda.kernels;

import io.sedd.cuda.ptx.EmulatedDriver;
import io.sedd.diffusion.backend.Backend;

/**
 * On a device whose streams do their work as late as they may, so that what relies on another
 * stream, or on the host, without waiting for it is found out.
 */
class LazyStreamsConformanceTest extends CudaConformanceTest {

  @Override
  protected Backend open() {
    return EmulatedBackend.open(EmulatedDriver.lazy(8, 0));
  }
}
