package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendConformance;
import io.sedd.diffusion.backend.BackendOptions;

/** ND4J's own operations, here on a processor: what a card would run. */
class OperationsConformanceTest extends BackendConformance {

  @Override
  protected Backend open() {
    return Nd4jOperations.open(new BackendOptions(2, 0));
  }
}
