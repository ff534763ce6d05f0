package io.sedd.cuda.cublaslt;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.library.NativeCall;
import io.sedd.cuda.library.NativeFunctions;
import io.sedd.diffusion.backend.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The functions of cuBLASLt; handles and descriptors are plain numbers. */
final class CublasLt {

  /** CUBLAS_STATUS_ALLOC_FAILED. */
  private static final int ALLOC_FAILED = 3;

  private final NativeFunctions library;
  private final MethodHandle create;
  private final MethodHandle destroy;
  private final MethodHandle version;
  private final MethodHandle statusName;
  private final MethodHandle descCreate;
  private final MethodHandle descSet;
  private final MethodHandle descDestroy;
  private final MethodHandle layoutCreate;
  private final MethodHandle layoutDestroy;
  private final MethodHandle preferenceCreate;
  private final MethodHandle preferenceSet;
  private final MethodHandle preferenceDestroy;
  private final MethodHandle heuristic;
  private final MethodHandle matmul;

  CublasLt(NativeFunctions library) {
    this.library = library;
    this.create = function("cublasLtCreate", ADDRESS);
    this.destroy = function("cublasLtDestroy", JAVA_LONG);
    this.version = library.function("cublasLtGetVersion", FunctionDescriptor.of(JAVA_LONG));
    this.statusName =
        library.function("cublasLtGetStatusName", FunctionDescriptor.of(ADDRESS, JAVA_INT));
    this.descCreate = function("cublasLtMatmulDescCreate", ADDRESS, JAVA_INT, JAVA_INT);
    this.descSet =
        function("cublasLtMatmulDescSetAttribute", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    this.descDestroy = function("cublasLtMatmulDescDestroy", JAVA_LONG);
    this.layoutCreate =
        function("cublasLtMatrixLayoutCreate", ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    this.layoutDestroy = function("cublasLtMatrixLayoutDestroy", JAVA_LONG);
    this.preferenceCreate = function("cublasLtMatmulPreferenceCreate", ADDRESS);
    this.preferenceSet =
        function("cublasLtMatmulPreferenceSetAttribute", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    this.preferenceDestroy = function("cublasLtMatmulPreferenceDestroy", JAVA_LONG);
    this.heuristic =
        function(
            "cublasLtMatmulAlgoGetHeuristic",
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_INT,
            ADDRESS,
            ADDRESS);
    this.matmul =
        function(
            "cublasLtMatmul",
            JAVA_LONG,
            JAVA_LONG,
            ADDRESS,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            ADDRESS,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            ADDRESS,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG);
  }

  private MethodHandle function(String name, MemoryLayout... arguments) {
    return library.function(name, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  String origin() {
    return library.origin();
  }

  /** As {@code 130101} for 13.1.1; {@code 120805} for 12.8.5. */
  long version() {
    try {
      return (long) version.invokeExact();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of cublasLtGetVersion failed", e);
    }
  }

  long create() {
    return handle("cublasLtCreate", out -> (int) create.invokeExact(out));
  }

  void destroy(long handle) {
    require("cublasLtDestroy", () -> (int) destroy.invokeExact(handle));
  }

  long newDesc(int computeType, int scaleType) {
    return handle(
        "cublasLtMatmulDescCreate",
        out -> (int) descCreate.invokeExact(out, computeType, scaleType));
  }

  void set32(long desc, int attribute, int value) {
    try (Arena arena = Arena.ofConfined()) {
      set(desc, attribute, arena.allocateFrom(JAVA_INT, value));
    }
  }

  void set64(long desc, int attribute, long value) {
    try (Arena arena = Arena.ofConfined()) {
      set(desc, attribute, arena.allocateFrom(JAVA_LONG, value));
    }
  }

  private void set(long desc, int attribute, MemorySegment value) {
    long bytes = value.byteSize();
    require(
        "cublasLtMatmulDescSetAttribute " + attribute,
        () -> (int) descSet.invokeExact(desc, attribute, value, bytes));
  }

  void destroyDesc(long desc) {
    require("cublasLtMatmulDescDestroy", () -> (int) descDestroy.invokeExact(desc));
  }

  /** A matrix in columns. */
  long newLayout(int type, long rows, long columns, long leading) {
    return handle(
        "cublasLtMatrixLayoutCreate",
        out -> (int) layoutCreate.invokeExact(out, type, rows, columns, leading));
  }

  void destroyLayout(long layout) {
    require("cublasLtMatrixLayoutDestroy", () -> (int) layoutDestroy.invokeExact(layout));
  }

  long newPreference() {
    return handle("cublasLtMatmulPreferenceCreate", out -> (int) preferenceCreate.invokeExact(out));
  }

  void prefer32(long preference, int attribute, int value) {
    try (Arena arena = Arena.ofConfined()) {
      prefer(preference, attribute, arena.allocateFrom(JAVA_INT, value));
    }
  }

  void prefer64(long preference, int attribute, long value) {
    try (Arena arena = Arena.ofConfined()) {
      prefer(preference, attribute, arena.allocateFrom(JAVA_LONG, value));
    }
  }

  private void prefer(long preference, int attribute, MemorySegment value) {
    long bytes = value.byteSize();
    require(
        "cublasLtMatmulPreferenceSetAttribute " + attribute,
        () -> (int) preferenceSet.invokeExact(preference, attribute, value, bytes));
  }

  void destroyPreference(long preference) {
    require(
        "cublasLtMatmulPreferenceDestroy", () -> (int) preferenceDestroy.invokeExact(preference));
  }

  /**
   * Asks for the algorithm that is expected to be fastest.
   *
   * @param result of {@link HeuristicResult}'s layout
   * @return the status; how many were found is written to {@code count}
   */
  int heuristic(
      long handle,
      long desc,
      long a,
      long b,
      long c,
      long preference,
      MemorySegment result,
      MemorySegment count) {
    return NativeCall.result(
        () -> (int) heuristic.invokeExact(handle, desc, a, b, c, c, preference, 1, result, count));
  }

  /** Puts a product on a stream; c is both the matrix that is added to and the result. */
  void matmul(
      String what,
      long handle,
      long desc,
      MemorySegment alpha,
      long a,
      long aLayout,
      long b,
      long bLayout,
      MemorySegment beta,
      long c,
      long cLayout,
      MemorySegment algorithm,
      long workspace,
      long workspaceBytes,
      long stream) {
    require(
        what,
        () ->
            (int)
                matmul.invokeExact(
                    handle,
                    desc,
                    alpha,
                    a,
                    aLayout,
                    b,
                    bLayout,
                    beta,
                    c,
                    cLayout,
                    c,
                    cLayout,
                    algorithm,
                    workspace,
                    workspaceBytes,
                    stream));
  }

  /** {@code CUBLAS_STATUS_NOT_SUPPORTED (15)}. */
  @SuppressWarnings("restricted")
  String name(int status) {
    try {
      MemorySegment text = (MemorySegment) statusName.invokeExact(status);
      return text.address() == 0
          ? "cublasStatus " + status
          : text.reinterpret(Long.MAX_VALUE).getString(0) + " (" + status + ")";
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of cublasLtGetStatusName failed", e);
    }
  }

  private void require(String what, NativeCall call) {
    int status = NativeCall.result(call);
    if (status == ALLOC_FAILED) {
      throw new DeviceException.OutOfMemory(what + ": " + name(status), null);
    }
    if (status != 0) {
      throw new CudaException(what + ": " + name(status));
    }
  }

  private interface HandleCall {
    int run(MemorySegment out) throws Throwable;
  }

  private long handle(String what, HandleCall call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      require(what, () -> call.run(out));
      return out.get(JAVA_LONG, 0);
    }
  }
}
