package io.sedd.cuda.library;

import java.util.List;
import java.util.stream.IntStream;

/** A library of NVIDIA's, and what its file is called for each version of CUDA. */
public enum CudaLibrary {
  /** Comes with the driver of the card; one file for all versions. */
  DRIVER("the NVIDIA driver", "libcuda.so.1"),
  NVRTC("NVRTC", "libnvrtc.so.%d"),
  CUBLAS_LT("cuBLASLt", "libcublasLt.so.%d");

  /** Versions of CUDA that this backend was written against. */
  static final int OLDEST_MAJOR = 12;

  static final int NEWEST_MAJOR = 13;

  private final String words;
  private final String pattern;

  CudaLibrary(String words, String pattern) {
    this.words = words;
    this.pattern = pattern;
  }

  /** As it is called in a sentence. */
  public String words() {
    return words;
  }

  /**
   * Names of its file, the best first.
   *
   * @param driverMajor newest CUDA that the driver understands: a library of a newer one would make
   *     code that it cannot load
   */
  List<String> names(int driverMajor) {
    if (!pattern.contains("%")) {
      return List.of(pattern);
    }
    return IntStream.iterate(
            Math.min(driverMajor, NEWEST_MAJOR), major -> major >= OLDEST_MAJOR, major -> major - 1)
        .mapToObj(pattern::formatted)
        .toList();
  }
}
