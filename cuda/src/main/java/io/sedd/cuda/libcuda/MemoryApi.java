package io.sedd.cuda.libcuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sedd.cuda.library.NativeCall;
import io.sedd.cuda.library.NativeFunctions;
import io.sedd.diffusion.backend.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Memory of the device and page-locked memory of the host, and copies; in the current context. */
final class MemoryApi {

  /** CU_MEMHOSTALLOC_PORTABLE: page-locked for every context. */
  static final int PORTABLE = 1;

  private final DriverResults results;
  private final MethodHandle getInfo;
  private final MethodHandle allocate;
  private final MethodHandle free;
  private final MethodHandle hostAllocate;
  private final MethodHandle hostFree;
  private final MethodHandle toDevice;
  private final MethodHandle toHost;
  private final MethodHandle copy;
  private final MethodHandle fill32;

  MemoryApi(NativeFunctions library, DriverResults results) {
    this.results = results;
    this.getInfo = DeviceApi.function(library, "cuMemGetInfo_v2", ADDRESS, ADDRESS);
    this.allocate = DeviceApi.function(library, "cuMemAlloc_v2", ADDRESS, JAVA_LONG);
    this.free = DeviceApi.function(library, "cuMemFree_v2", JAVA_LONG);
    this.hostAllocate = DeviceApi.function(library, "cuMemHostAlloc", ADDRESS, JAVA_LONG, JAVA_INT);
    this.hostFree = DeviceApi.function(library, "cuMemFreeHost", ADDRESS);
    this.toDevice =
        DeviceApi.function(
            library, "cuMemcpyHtoDAsync_v2", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);
    this.toHost =
        DeviceApi.function(
            library, "cuMemcpyDtoHAsync_v2", ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    this.copy =
        DeviceApi.function(
            library, "cuMemcpyDtoDAsync_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    this.fill32 =
        DeviceApi.function(library, "cuMemsetD32Async", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
  }

  long freeBytes() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment freeNow = arena.allocate(JAVA_LONG);
      MemorySegment total = arena.allocate(JAVA_LONG);
      results.require("cuMemGetInfo", () -> (int) getInfo.invokeExact(freeNow, total));
      return freeNow.get(JAVA_LONG, 0);
    }
  }

  long allocate(long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      int result = NativeCall.result(() -> (int) allocate.invokeExact(out, bytes));
      if (result == DriverResults.OUT_OF_MEMORY) {
        throw new DeviceException.OutOfMemory(
            "the card has no %d bytes in one stretch; %d bytes are free"
                .formatted(bytes, freeBytes()),
            null);
      }
      results.require("cuMemAlloc of " + bytes + " bytes", () -> result);
      return out.get(JAVA_LONG, 0);
    }
  }

  void free(long address) {
    results.require("cuMemFree", () -> (int) free.invokeExact(address));
  }

  /** Of the whole life of the process as far as Java knows; {@link #hostFree} ends it. */
  @SuppressWarnings("restricted")
  MemorySegment hostAllocate(long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      int result = NativeCall.result(() -> (int) hostAllocate.invokeExact(out, bytes, PORTABLE));
      if (result == DriverResults.OUT_OF_MEMORY) {
        throw new DeviceException.OutOfMemory(
            "the host has no %d bytes of page-locked memory".formatted(bytes), null);
      }
      results.require("cuMemHostAlloc of " + bytes + " bytes", () -> result);
      return out.get(ADDRESS, 0).reinterpret(bytes);
    }
  }

  void hostFree(MemorySegment segment) {
    results.require("cuMemFreeHost", () -> (int) hostFree.invokeExact(segment));
  }

  /** From off the heap. */
  void toDevice(long stream, MemorySegment source, long target) {
    long bytes = source.byteSize();
    results.require(
        "cuMemcpyHtoDAsync", () -> (int) toDevice.invokeExact(target, source, bytes, stream));
  }

  /** To off the heap. */
  void toHost(long stream, long source, MemorySegment target) {
    long bytes = target.byteSize();
    results.require(
        "cuMemcpyDtoHAsync", () -> (int) toHost.invokeExact(target, source, bytes, stream));
  }

  void copy(long stream, long source, long target, long bytes) {
    results.require(
        "cuMemcpyDtoDAsync", () -> (int) copy.invokeExact(target, source, bytes, stream));
  }

  void fill32(long stream, long target, int value, long count) {
    results.require(
        "cuMemsetD32Async", () -> (int) fill32.invokeExact(target, value, count, stream));
  }
}
