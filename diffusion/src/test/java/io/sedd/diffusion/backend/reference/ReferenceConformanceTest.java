package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendConformance;

/** What holds without a second backend: memory, errors, views, empty layouts, repeatability. */
class ReferenceConformanceTest extends BackendConformance {

  @Override
  protected Backend open() {
    return new ReferenceBackend();
  }
}
