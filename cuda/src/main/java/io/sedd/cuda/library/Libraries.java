package io.sedd.cuda.library;

/** Where CUDA's libraries come from. */
public interface Libraries {

  /**
   * A library's functions.
   *
   * @param driverMajor newest CUDA that the driver understands
   * @throws MissingLibraryException if it is not to be had; the message is one sentence with every
   *     name and place
   */
  NativeFunctions load(CudaLibrary library, int driverMajor);
}
