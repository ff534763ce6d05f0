package io.sedd.cuda.libcuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.library.NativeCall;
import io.sedd.cuda.library.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Modules, functions and launches; in the current context. */
final class ModuleApi {

  /** Figures of CUjit_option. */
  static final int ERROR_LOG_BUFFER = 5;

  static final int ERROR_LOG_BUFFER_SIZE_BYTES = 6;

  /** CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES. */
  static final int MAX_DYNAMIC_SHARED_SIZE_BYTES = 8;

  private static final int LOG_BYTES = 1 << 14;

  private final DriverResults results;
  private final MethodHandle load;
  private final MethodHandle unload;
  private final MethodHandle getFunction;
  private final MethodHandle setAttribute;
  private final MethodHandle launch;

  ModuleApi(NativeFunctions library, DriverResults results) {
    this.results = results;
    this.load =
        DeviceApi.function(
            library, "cuModuleLoadDataEx", ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    this.unload = DeviceApi.function(library, "cuModuleUnload", JAVA_LONG);
    this.getFunction =
        DeviceApi.function(library, "cuModuleGetFunction", ADDRESS, JAVA_LONG, ADDRESS);
    this.setAttribute =
        DeviceApi.function(library, "cuFuncSetAttribute", JAVA_LONG, JAVA_INT, JAVA_INT);
    this.launch =
        DeviceApi.function(
            library,
            "cuLaunchKernel",
            JAVA_LONG,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_LONG,
            ADDRESS,
            ADDRESS);
  }

  /**
   * A module of PTX, which must end with a zero, or of code of the card.
   *
   * @param words what it is, for the message
   */
  long load(String words, byte[] image) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, image);
      MemorySegment log = arena.allocate(LOG_BYTES);
      MemorySegment options =
          arena.allocateFrom(JAVA_INT, ERROR_LOG_BUFFER, ERROR_LOG_BUFFER_SIZE_BYTES);
      // a number among the values lies where the pointer would
      MemorySegment values = arena.allocateFrom(JAVA_LONG, log.address(), LOG_BYTES);
      int result = NativeCall.result(() -> (int) load.invokeExact(out, bytes, 2, options, values));
      if (result != 0) {
        RuntimeException failure = results.failure("cuModuleLoadDataEx of " + words, result);
        String said = log.getString(0).strip();
        throw failure instanceof CudaException && !said.isEmpty()
            ? new CudaException(failure.getMessage() + "\n" + said)
            : failure;
      }
      return out.get(JAVA_LONG, 0);
    }
  }

  void unload(long module) {
    results.require("cuModuleUnload", () -> (int) unload.invokeExact(module));
  }

  long function(long module, String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      MemorySegment text = arena.allocateFrom(name);
      results.require(
          "cuModuleGetFunction of " + name, () -> (int) getFunction.invokeExact(out, module, text));
      return out.get(JAVA_LONG, 0);
    }
  }

  /** Lets a function have more dynamic shared memory than the 48 KiB that are given unasked. */
  void allowShared(long function, String name, int bytes) {
    results.require(
        "cuFuncSetAttribute of " + name + " for " + bytes + " bytes of shared memory",
        () -> (int) setAttribute.invokeExact(function, MAX_DYNAMIC_SHARED_SIZE_BYTES, bytes));
  }

  void launch(
      long stream, long function, String name, Grid grid, int shared, KernelArguments arguments) {
    try (Arena arena = Arena.ofConfined()) {
      int count = arguments.count();
      MemorySegment bits = arena.allocate(JAVA_LONG, Math.max(1, count));
      MemorySegment pointers = arena.allocate(JAVA_LONG, Math.max(1, count));
      for (int i = 0; i < count; i++) {
        // an argument of 32 bits is read from the front of its slot, which is its low half here
        bits.setAtIndex(JAVA_LONG, i, arguments.bits(i));
        pointers.setAtIndex(JAVA_LONG, i, bits.address() + 8L * i);
      }
      results.require(
          "cuLaunchKernel of " + name + " with " + grid,
          () ->
              (int)
                  launch.invokeExact(
                      function,
                      grid.gridX(),
                      grid.gridY(),
                      grid.gridZ(),
                      grid.blockX(),
                      grid.blockY(),
                      grid.blockZ(),
                      shared,
                      stream,
                      pointers,
                      MemorySegment.NULL));
    }
  }
}
