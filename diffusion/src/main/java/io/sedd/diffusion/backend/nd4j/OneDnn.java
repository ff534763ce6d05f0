package io.sedd.diffusion.backend.nd4j;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;

/**
 * The functions of oneDNN that a step calls, on plain addresses and without objects, and the thread
 * count of the OpenMP runtime below it.
 */
final class OneDnn {

  /** In the library's numbers for instruction sets, the bits that these bring. */
  private static final int AVX512_BIT = 0x20;

  private static final int BF16_BIT = 0x80;

  private final MethodHandle sgemm;
  private final MethodHandle execute;
  private final MethodHandle place;
  private final Optional<MethodHandle> setThreads;

  private OneDnn(
      MethodHandle sgemm,
      MethodHandle execute,
      MethodHandle place,
      Optional<MethodHandle> setThreads) {
    this.sgemm = sgemm;
    this.execute = execute;
    this.place = place;
    this.setThreads = setThreads;
  }

  /**
   * Loads the library from the class path.
   *
   * @throws LinkageError if it is not there or not for this platform
   */
  @SuppressWarnings("restricted")
  static OneDnn load() {
    Loader.load(dnnl.class);
    Optional<MethodHandle> setThreads =
        openMp()
            .flatMap(library -> library.find("omp_set_num_threads"))
            .map(
                symbol ->
                    Linker.nativeLinker()
                        .downcallHandle(symbol, FunctionDescriptor.ofVoid(JAVA_INT)));
    return new OneDnn(
        function(
            "dnnl_sgemm",
            JAVA_BYTE,
            JAVA_BYTE,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_FLOAT,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_FLOAT,
            JAVA_LONG,
            JAVA_LONG),
        function("dnnl_primitive_execute", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG),
        function("dnnl_memory_set_data_handle", JAVA_LONG, JAVA_LONG),
        setThreads);
  }

  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, MemoryLayout... arguments) {
    return SymbolLookup.loaderLookup()
        .find(name)
        .map(
            symbol ->
                Linker.nativeLinker()
                    .downcallHandle(symbol, FunctionDescriptor.of(JAVA_INT, arguments)))
        .orElseThrow(() -> new UnsatisfiedLinkError("oneDNN has no " + name));
  }

  /** The OpenMP runtime that oneDNN brought: a name that is loaded already is not loaded again. */
  @SuppressWarnings("restricted")
  private static Optional<SymbolLookup> openMp() {
    try {
      return Optional.of(SymbolLookup.libraryLookup("libgomp.so.1", Arena.global()));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Whether products can be kept to the thread that calls them. */
  boolean singleThreaded() {
    return setThreads.isPresent();
  }

  /** Whether the processor multiplies bf16 numbers itself: AVX-512 BF16, AMX. */
  boolean multipliesBf16() {
    return (dnnl.dnnl_get_effective_cpu_isa() & BF16_BIT) != 0;
  }

  /** Whether the library uses AVX-512 here. */
  boolean hasAvx512() {
    return (dnnl.dnnl_get_effective_cpu_isa() & AVX512_BIT) != 0;
  }

  /** Keeps what the calling thread computes and makes from now on to it. */
  void keepToThisThread() {
    if (setThreads.isPresent()) {
      try {
        setThreads.get().invokeExact(1);
      } catch (Throwable e) {
        throw rethrown(e);
      }
    }
  }

  /**
   * C = op(A) op(B) + beta C, row-major, op(A) [m, k], op(B) [k, n]; on the calling thread alone
   * where {@link #singleThreaded}.
   *
   * @param lda numbers from one row of A, as it is stored, to the next
   */
  void sgemm(
      boolean transposeA,
      boolean transposeB,
      long m,
      long n,
      long k,
      long a,
      long lda,
      long b,
      long ldb,
      float beta,
      long c,
      long ldc) {
    keepToThisThread();
    int status;
    try {
      status =
          (int)
              sgemm.invokeExact(
                  letter(transposeA),
                  letter(transposeB),
                  m,
                  n,
                  k,
                  1f,
                  a,
                  lda,
                  b,
                  ldb,
                  beta,
                  c,
                  ldc);
    } catch (Throwable e) {
      throw rethrown(e);
    }
    if (status != dnnl.dnnl_success) {
      throw new IllegalStateException(
          "oneDNN refused a product of [%d, %d] and [%d, %d]: status %d"
              .formatted(m, k, k, n, status));
    }
  }

  /** Tells one of the library's memory objects where its numbers are. */
  void place(long memory, long address) {
    try {
      check("to place memory", (int) place.invokeExact(memory, address));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /**
   * Runs a primitive.
   *
   * @param arguments address of {@code count} pairs of a number and a memory object
   */
  void execute(long primitive, long stream, int count, long arguments) {
    try {
      check("to run a primitive", (int) execute.invokeExact(primitive, stream, count, arguments));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /**
   * Throws where the library did not do what it was asked.
   *
   * @param what completes "oneDNN refused"
   */
  static void check(String what, int status) {
    if (status != dnnl.dnnl_success) {
      throw new IllegalStateException("oneDNN refused " + what + ": status " + status);
    }
  }

  private static RuntimeException rethrown(Throwable e) {
    return switch (e) {
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      default -> new IllegalStateException(e);
    };
  }

  private static byte letter(boolean transpose) {
    return (byte) (transpose ? 'T' : 'N');
  }
}
