package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.GuardedBackend;

/** Tensors in the memory of whatever device ND4J runs on, and ND4J's operations on them. */
public final class OpsBackend extends GuardedBackend<OpsTensor> {

  /**
   * @param name by which it is chosen
   * @param description for the log
   * @param device which of ND4J's devices, from 0
   * @param draw owned by this backend from here on
   */
  public OpsBackend(String name, String description, int device, HostDraw draw) {
    super(new OpsKernels(name, description, new Device(device), draw));
  }
}
