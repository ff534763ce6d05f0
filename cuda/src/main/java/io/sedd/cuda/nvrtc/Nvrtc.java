package io.sedd.cuda.nvrtc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.library.NativeCall;
import io.sedd.cuda.library.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** The functions of NVRTC that compile a source. May be used from any thread. */
public final class Nvrtc {

  /** NVRTC_ERROR_COMPILATION: the source is wrong, and the log says how. */
  private static final int COMPILATION = 6;

  private final NativeFunctions library;
  private final MethodHandle version;
  private final MethodHandle architectureCount;
  private final MethodHandle architectures;
  private final MethodHandle createProgram;
  private final MethodHandle compileProgram;
  private final MethodHandle ptxSize;
  private final MethodHandle ptx;
  private final MethodHandle cubinSize;
  private final MethodHandle cubin;
  private final MethodHandle logSize;
  private final MethodHandle log;
  private final MethodHandle destroyProgram;
  private final MethodHandle errorString;

  /**
   * Looks its functions up.
   *
   * @throws io.sedd.cuda.library.MissingLibraryException if one is missing
   */
  public Nvrtc(NativeFunctions library) {
    this.library = library;
    this.version = function("nvrtcVersion", ADDRESS, ADDRESS);
    this.architectureCount = function("nvrtcGetNumSupportedArchs", ADDRESS);
    this.architectures = function("nvrtcGetSupportedArchs", ADDRESS);
    this.createProgram =
        function("nvrtcCreateProgram", ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    this.compileProgram = function("nvrtcCompileProgram", JAVA_LONG, JAVA_INT, ADDRESS);
    this.ptxSize = function("nvrtcGetPTXSize", JAVA_LONG, ADDRESS);
    this.ptx = function("nvrtcGetPTX", JAVA_LONG, ADDRESS);
    this.cubinSize = function("nvrtcGetCUBINSize", JAVA_LONG, ADDRESS);
    this.cubin = function("nvrtcGetCUBIN", JAVA_LONG, ADDRESS);
    this.logSize = function("nvrtcGetProgramLogSize", JAVA_LONG, ADDRESS);
    this.log = function("nvrtcGetProgramLog", JAVA_LONG, ADDRESS);
    this.destroyProgram = function("nvrtcDestroyProgram", ADDRESS);
    this.errorString =
        library.function("nvrtcGetErrorString", FunctionDescriptor.of(ADDRESS, JAVA_INT));
  }

  private MethodHandle function(String name, MemoryLayout... arguments) {
    return library.function(name, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /** What is compiled to. */
  enum Form {
    /** Text that a driver compiles on; ends without the library's closing zero. */
    PTX,
    /** Code of one architecture. */
    CUBIN
  }

  /** {@code 13.0}. */
  public String version() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment major = arena.allocate(JAVA_INT);
      MemorySegment minor = arena.allocate(JAVA_INT);
      require("nvrtcVersion", () -> (int) version.invokeExact(major, minor));
      return major.get(JAVA_INT, 0) + "." + minor.get(JAVA_INT, 0);
    }
  }

  /** Those it can compile for, as 10 major + minor, rising. */
  int[] architectures() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_INT);
      require("nvrtcGetNumSupportedArchs", () -> (int) architectureCount.invokeExact(count));
      MemorySegment known = arena.allocate(JAVA_INT, Math.max(1, count.get(JAVA_INT, 0)));
      require("nvrtcGetSupportedArchs", () -> (int) architectures.invokeExact(known));
      return java.util.Arrays.copyOf(known.toArray(JAVA_INT), count.get(JAVA_INT, 0));
    }
  }

  /** Where it was found. */
  public String origin() {
    return library.origin();
  }

  /**
   * Compiles a source.
   *
   * @throws CudaException if it cannot; with the compiler's log where the source is at fault
   */
  byte[] compile(String name, String source, List<String> options, Form form) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment holder = arena.allocate(ADDRESS);
      MemorySegment text = arena.allocateFrom(source);
      MemorySegment file = arena.allocateFrom(name);
      require(
          "nvrtcCreateProgram",
          () ->
              (int)
                  createProgram.invokeExact(
                      holder, text, file, 0, MemorySegment.NULL, MemorySegment.NULL));
      long program = holder.get(JAVA_LONG, 0);
      try {
        MemorySegment list = arena.allocate(ADDRESS, options.size());
        for (int i = 0; i < options.size(); i++) {
          list.setAtIndex(ADDRESS, i, arena.allocateFrom(options.get(i)));
        }
        int result =
            NativeCall.result(
                () -> (int) compileProgram.invokeExact(program, options.size(), list));
        if (result == COMPILATION) {
          throw new CudaException(
              "%s does not compile with %s:\n%s"
                  .formatted(name, options, string(bytes(arena, program, "Log", logSize, log))));
        }
        require("nvrtcCompileProgram", () -> result);
        return form == Form.PTX
            ? withoutZero(bytes(arena, program, "PTX", ptxSize, ptx))
            : bytes(arena, program, "CUBIN", cubinSize, cubin);
      } finally {
        require("nvrtcDestroyProgram", () -> (int) destroyProgram.invokeExact(holder));
      }
    }
  }

  private byte[] bytes(
      Arena arena, long program, String what, MethodHandle size, MethodHandle content) {
    MemorySegment length = arena.allocate(JAVA_LONG);
    require("nvrtcGet" + what + "Size", () -> (int) size.invokeExact(program, length));
    MemorySegment bytes = arena.allocate(Math.max(1, length.get(JAVA_LONG, 0)));
    require("nvrtcGet" + what, () -> (int) content.invokeExact(program, bytes));
    return bytes
        .asSlice(0, length.get(JAVA_LONG, 0))
        .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
  }

  private static byte[] withoutZero(byte[] text) {
    int length = text.length;
    while (length > 0 && text[length - 1] == 0) {
      length--;
    }
    return java.util.Arrays.copyOf(text, length);
  }

  private static String string(byte[] text) {
    return new String(withoutZero(text), java.nio.charset.StandardCharsets.UTF_8).strip();
  }

  private void require(String call, NativeCall action) {
    int result = NativeCall.result(action);
    if (result != 0) {
      throw new CudaException(
          "%s of %s: %s (%d)".formatted(call, library.origin(), words(result), result));
    }
  }

  @SuppressWarnings("restricted")
  private String words(int result) {
    try {
      MemorySegment text = (MemorySegment) errorString.invokeExact(result);
      return text.reinterpret(Long.MAX_VALUE).getString(0);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of nvrtcGetErrorString failed", e);
    }
  }
}
