package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.GuardedBackend;

/** Plain loops on one thread: the documentation of every kernel, and the oracle of the others. */
public final class ReferenceBackend extends GuardedBackend<ArrayTensor> {

  /** Name by which it is chosen. */
  public static final String NAME = "reference";

  public ReferenceBackend() {
    super(new ReferenceKernels());
  }
}
