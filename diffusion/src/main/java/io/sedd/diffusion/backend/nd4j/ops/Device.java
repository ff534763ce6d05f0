package io.sedd.diffusion.backend.nd4j.ops;

import org.nd4j.linalg.factory.Nd4j;

/**
 * Where ND4J computes. With several cards ND4J gives each thread its own; here all work is on one,
 * whichever thread asks.
 */
final class Device {

  private final int number;

  /**
   * @param number among ND4J's devices, from 0
   */
  Device(int number) {
    this.number = number;
  }

  /** A kernel's own memory; the thread works on this device from here on. */
  Scope scope() {
    enter();
    return new Scope();
  }

  /** Memory of undefined content, owned by the caller. */
  DeviceMemory memory(long capacity) {
    enter();
    return new DeviceMemory(capacity);
  }

  private void enter() {
    if (Nd4j.getAffinityManager().getDeviceForCurrentThread() != number) {
      Nd4j.getAffinityManager().unsafeSetDevice(number);
    }
  }
}
