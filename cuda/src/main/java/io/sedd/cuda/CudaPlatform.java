package io.sedd.cuda;

import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.driver.DeviceProperties;
import io.sedd.cuda.libcuda.LibcudaDevices;
import io.sedd.cuda.library.CudaLibrary;
import io.sedd.cuda.library.Libraries;
import io.sedd.cuda.library.LibrarySearch;
import io.sedd.cuda.library.MissingLibraryException;
import io.sedd.cuda.library.NativeFunctions;
import io.sedd.cuda.nvrtc.Nvrtc;
import io.sedd.diffusion.backend.DeviceException;

/**
 * All that the backend needs of a machine, found and fit for it.
 *
 * @param devices the driver, with its cards
 * @param ordinal number of the card
 * @param device the card
 * @param cublasLt functions of the library
 */
record CudaPlatform(
    LibcudaDevices devices,
    int ordinal,
    DeviceProperties device,
    Nvrtc nvrtc,
    NativeFunctions cublasLt) {

  /** CUDA 12.0, as the driver says it. */
  private static final int OLDEST_DRIVER = 12_000;

  private static final int OLDEST_MAJOR = 8;

  /** What is missing, in one sentence that says what was looked for where and what to do. */
  static final class MissingException extends Exception {

    private static final long serialVersionUID = 1L;

    MissingException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Looks for everything; takes no memory of a card.
   *
   * @param ordinal number of the card, from 0
   */
  static CudaPlatform find(Libraries libraries, int ordinal) throws MissingException {
    try {
      LibcudaDevices devices =
          LibcudaDevices.start(libraries.load(CudaLibrary.DRIVER, 0), OLDEST_DRIVER);
      if (ordinal >= devices.count()) {
        throw new MissingException(
            "there is no card %d: the NVIDIA driver has %d, numbered from 0"
                .formatted(ordinal, devices.count()),
            null);
      }
      DeviceProperties device = devices.properties(ordinal);
      requireNewEnough(device);
      int driverMajor = device.driverVersion() / 1000;
      return new CudaPlatform(
          devices,
          ordinal,
          device,
          new Nvrtc(toolkit(libraries, CudaLibrary.NVRTC, driverMajor)),
          toolkit(libraries, CudaLibrary.CUBLAS_LT, driverMajor));
    } catch (MissingLibraryException | CudaException | DeviceException e) {
      throw new MissingException(e.getMessage(), e);
    }
  }

  private static void requireNewEnough(DeviceProperties device) throws MissingException {
    if (device.major() < OLDEST_MAJOR) {
      throw new MissingException(
          ("the card %s has compute capability %d.%d and this backend needs 8.0 or newer; for older"
                  + " cards there is the Maven profile cuda-11.6, whose backend is nd4j")
              .formatted(device.name(), device.major(), device.minor()),
          null);
    }
  }

  private static NativeFunctions toolkit(
      Libraries libraries, CudaLibrary library, int driverMajor) {
    try {
      return libraries.load(library, driverMajor);
    } catch (MissingLibraryException e) {
      throw new MissingLibraryException(
          "%s; install the CUDA %d toolkit's libraries, or give their folder with -D%s=FOLDER"
              .formatted(e.getMessage(), driverMajor, LibrarySearch.PROPERTY));
    }
  }
}
