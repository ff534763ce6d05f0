package io.sedd.cuda.libcuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sedd.cuda.driver.DeviceProperties;
import io.sedd.cuda.library.NativeCall;
import io.sedd.cuda.library.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** What there is before a context: the driver itself, and its devices. */
final class DeviceApi {

  /** Figures of CUdevice_attribute. */
  static final int MULTIPROCESSOR_COUNT = 16;

  static final int COMPUTE_CAPABILITY_MAJOR = 75;
  static final int COMPUTE_CAPABILITY_MINOR = 76;
  static final int MAX_SHARED_MEMORY_PER_BLOCK_OPTIN = 97;

  private static final int NAME_BYTES = 256;

  private final DriverResults results;
  private final MethodHandle init;
  private final MethodHandle driverVersion;
  private final MethodHandle count;
  private final MethodHandle get;
  private final MethodHandle name;
  private final MethodHandle attribute;
  private final MethodHandle totalMemory;
  private final MethodHandle retain;
  private final MethodHandle release;
  private final MethodHandle setCurrent;

  DeviceApi(NativeFunctions library, DriverResults results) {
    this.results = results;
    this.init = function(library, "cuInit", JAVA_INT);
    this.driverVersion = function(library, "cuDriverGetVersion", ADDRESS);
    this.count = function(library, "cuDeviceGetCount", ADDRESS);
    this.get = function(library, "cuDeviceGet", ADDRESS, JAVA_INT);
    this.name = function(library, "cuDeviceGetName", ADDRESS, JAVA_INT, JAVA_INT);
    this.attribute = function(library, "cuDeviceGetAttribute", ADDRESS, JAVA_INT, JAVA_INT);
    this.totalMemory = function(library, "cuDeviceTotalMem_v2", ADDRESS, JAVA_INT);
    this.retain = function(library, "cuDevicePrimaryCtxRetain", ADDRESS, JAVA_INT);
    this.release = function(library, "cuDevicePrimaryCtxRelease_v2", JAVA_INT);
    this.setCurrent = function(library, "cuCtxSetCurrent", JAVA_LONG);
  }

  static MethodHandle function(NativeFunctions library, String name, MemoryLayout... arguments) {
    return library.function(name, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /** CUresult of starting the driver, which may be done again and again. */
  int init() {
    return NativeCall.result(() -> (int) init.invokeExact(0));
  }

  int driverVersion() {
    return integer("cuDriverGetVersion", out -> (int) driverVersion.invokeExact(out));
  }

  int count() {
    return integer("cuDeviceGetCount", out -> (int) count.invokeExact(out));
  }

  /** The driver's number of a device. */
  int device(int ordinal) {
    return integer("cuDeviceGet", out -> (int) get.invokeExact(out, ordinal));
  }

  DeviceProperties properties(int device) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(NAME_BYTES);
      results.require("cuDeviceGetName", () -> (int) name.invokeExact(text, NAME_BYTES, device));
      MemorySegment bytes = arena.allocate(JAVA_LONG);
      results.require("cuDeviceTotalMem", () -> (int) totalMemory.invokeExact(bytes, device));
      return new DeviceProperties(
          text.getString(0),
          attribute(device, COMPUTE_CAPABILITY_MAJOR),
          attribute(device, COMPUTE_CAPABILITY_MINOR),
          attribute(device, MULTIPROCESSOR_COUNT),
          attribute(device, MAX_SHARED_MEMORY_PER_BLOCK_OPTIN),
          bytes.get(JAVA_LONG, 0),
          driverVersion());
    }
  }

  private int attribute(int device, int which) {
    return integer(
        "cuDeviceGetAttribute " + which, out -> (int) attribute.invokeExact(out, which, device));
  }

  /** The context of a device that all of a process share. */
  long retain(int device) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      results.require("cuDevicePrimaryCtxRetain", () -> (int) retain.invokeExact(out, device));
      return out.get(JAVA_LONG, 0);
    }
  }

  void release(int device) {
    results.require("cuDevicePrimaryCtxRelease", () -> (int) release.invokeExact(device));
  }

  /** Makes a context that of the calling thread. */
  void setCurrent(long context) {
    results.require("cuCtxSetCurrent", () -> (int) setCurrent.invokeExact(context));
  }

  private interface IntegerCall {
    int run(MemorySegment out) throws Throwable;
  }

  private int integer(String what, IntegerCall call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_INT);
      results.require(what, () -> call.run(out));
      return out.get(JAVA_INT, 0);
    }
  }
}
