package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.DeviceException;
import io.sedd.diffusion.backend.DeviceMemory;
import java.util.Optional;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Where ND4J computes. With several cards ND4J gives each thread its own; here all work is on one,
 * whichever thread asks.
 */
final class Device {

  /** How the message begins by which ND4J says that there is no memory; it has no type for it. */
  private static final String NO_MEMORY = "Allocation failed";

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
    return new Scope(this);
  }

  /** Memory of undefined content, owned by the caller. */
  Slab slab(long capacity) {
    enter();
    return new Slab(this, capacity);
  }

  /** Waits until everything that this thread asked for is done. */
  void finish() {
    enter();
    Nd4j.getExecutioner().commit();
  }

  private void enter() {
    if (Nd4j.getAffinityManager().getDeviceForCurrentThread() != number) {
      Nd4j.getAffinityManager().unsafeSetDevice(number);
    }
  }

  /**
   * Makes a new array.
   *
   * @throws DeviceException.OutOfMemory if there is no memory for it
   */
  INDArray allocate(Supplier<INDArray> allocation) {
    try {
      return allocation.get();
    } catch (RuntimeException e) {
      if (e.getMessage() != null && e.getMessage().startsWith(NO_MEMORY)) {
        throw new DeviceException.OutOfMemory(
            "ND4J has no memory left on device " + number + ": " + e.getMessage(), e);
      }
      throw e;
    }
  }

  /** Of a card; empty where ND4J runs on a processor. */
  Optional<DeviceMemory> memory() {
    if (Nd4j.getEnvironment().isCPU()) {
      return Optional.empty();
    }
    NativeOps library = NativeOpsHolder.getInstance().getDeviceNativeOps();
    return Optional.of(
        new DeviceMemory(
            library.getDeviceTotalMemory(number), library.getDeviceFreeMemory(number)));
  }
}
