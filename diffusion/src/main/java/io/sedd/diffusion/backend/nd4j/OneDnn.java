package io.sedd.diffusion.backend.nd4j;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;

/**
 * The function {@code dnnl_sgemm} of oneDNN, called without objects on plain addresses, and the
 * thread count of the OpenMP runtime below it.
 */
final class OneDnn {

  private final MethodHandle sgemm;
  private final Optional<MethodHandle> setThreads;

  private OneDnn(MethodHandle sgemm, Optional<MethodHandle> setThreads) {
    this.sgemm = sgemm;
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
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor signature =
        FunctionDescriptor.of(
            JAVA_INT,
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
            JAVA_LONG);
    SymbolLookup loaded = SymbolLookup.loaderLookup();
    MethodHandle sgemm =
        loaded
            .find("dnnl_sgemm")
            .map(symbol -> linker.downcallHandle(symbol, signature))
            .orElseThrow(() -> new UnsatisfiedLinkError("oneDNN has no dnnl_sgemm"));
    Optional<MethodHandle> setThreads =
        openMp()
            .flatMap(library -> library.find("omp_set_num_threads"))
            .map(symbol -> linker.downcallHandle(symbol, FunctionDescriptor.ofVoid(JAVA_INT)));
    return new OneDnn(sgemm, setThreads);
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

  /** Whether {@link #sgemm} can be kept to the thread that calls it. */
  boolean singleThreaded() {
    return setThreads.isPresent();
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
    int status;
    try {
      if (setThreads.isPresent()) {
        setThreads.get().invokeExact(1);
      }
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
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (status != dnnl.dnnl_success) {
      throw new IllegalStateException(
          "oneDNN refused a product of [%d, %d] and [%d, %d]: status %d"
              .formatted(m, k, k, n, status));
    }
  }

  private static byte letter(boolean transpose) {
    return (byte) (transpose ? 'T' : 'N');
  }
}
