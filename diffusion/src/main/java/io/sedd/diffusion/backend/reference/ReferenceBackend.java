package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.GuardedBackend;
import io.sedd.diffusion.backend.Precision;

/** Plain loops on one thread: the documentation of every kernel, and the oracle of the others. */
public final class ReferenceBackend extends GuardedBackend<ArrayTensor> {

  /** Name by which it is chosen. */
  public static final String NAME = "reference";

  /** In fp32. */
  public ReferenceBackend() {
    this(Precision.FP32);
  }

  /** In a precision; the usual one is fp32. */
  public ReferenceBackend(Precision precision) {
    super(new ReferenceKernels(precision == Precision.DEFAULT ? Precision.FP32 : precision));
  }
}
