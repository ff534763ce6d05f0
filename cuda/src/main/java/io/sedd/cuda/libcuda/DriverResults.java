package io.sedd.cuda.libcuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.library.NativeCall;
import io.sedd.cuda.library.NativeFunctions;
import io.sedd.diffusion.backend.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Set;

/**
 * What a CUresult means for who called. The driver gives its names. An error of a kernel shows in
 * whatever is called after it.
 */
final class DriverResults {

  static final int OUT_OF_MEMORY = 2;
  static final int NO_DEVICE = 100;

  /**
   * After these the context, or the whole card, is of no use until the process starts anew:
   * deinitialized, unavailable, uncorrectable memory and link errors, a contained error, an illegal
   * address, a launch that took too long, a destroyed context, an assertion, stack, instruction,
   * alignment, address space, program counter, a failed launch, a tensor memory leak, the MPS
   * server's end, unknown.
   */
  private static final Set<Integer> LOST =
      Set.of(
          4, 46, 214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721, 806, 807,
          810, 999);

  private final MethodHandle errorName;

  DriverResults(NativeFunctions library) {
    this.errorName =
        library.function("cuGetErrorName", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
  }

  /**
   * Nothing where the call went well.
   *
   * @param what the call and its object, for the message
   */
  void require(String what, NativeCall call) {
    int result = NativeCall.result(call);
    if (result != 0) {
      throw failure(what, result);
    }
  }

  RuntimeException failure(String what, int result) {
    String message = what + ": " + name(result);
    if (result == OUT_OF_MEMORY) {
      return new DeviceException.OutOfMemory(message, null);
    }
    return LOST.contains(result)
        ? new DeviceException.Lost(message, null)
        : new CudaException(message);
  }

  /** {@code CUDA_ERROR_NO_DEVICE (100)}. */
  @SuppressWarnings("restricted")
  String name(int result) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(ADDRESS);
      int known = NativeCall.result(() -> (int) errorName.invokeExact(result, text));
      MemorySegment name = text.get(ADDRESS, 0);
      return known != 0 || name.address() == 0
          ? "CUresult " + result
          : name.reinterpret(Long.MAX_VALUE).getString(0) + " (" + result + ")";
    }
  }
}
