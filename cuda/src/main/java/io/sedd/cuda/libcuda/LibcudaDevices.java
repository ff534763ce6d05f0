package io.sedd.cuda.libcuda;

import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.driver.DeviceProperties;
import io.sedd.cuda.library.NativeFunctions;

/** The driver of this machine, started, and the cards that it has. */
public final class LibcudaDevices {

  private final DeviceApi api;
  private final MemoryApi memory;
  private final StreamApi streams;
  private final ModuleApi modules;
  private final int count;

  private LibcudaDevices(
      DeviceApi api, MemoryApi memory, StreamApi streams, ModuleApi modules, int count) {
    this.api = api;
    this.memory = memory;
    this.streams = streams;
    this.modules = modules;
    this.count = count;
  }

  /**
   * Starts the driver.
   *
   * @param oldest version of CUDA that it must understand, as {@link #driverVersion}
   * @throws CudaException if it does not start, or finds no card; the message is one sentence
   * @throws io.sedd.cuda.library.MissingLibraryException if the library lacks a function
   */
  public static LibcudaDevices start(NativeFunctions library, int oldest) {
    DriverResults results = new DriverResults(library);
    DeviceApi api = new DeviceApi(library, results);
    int started = api.init();
    if (started == DriverResults.NO_DEVICE) {
      throw new CudaException("the NVIDIA driver (%s) finds no card".formatted(library.origin()));
    }
    if (started != 0) {
      throw new CudaException(
          "the NVIDIA driver (%s) does not start: %s"
              .formatted(library.origin(), results.name(started)));
    }
    int version = api.driverVersion();
    if (version < oldest) {
      throw new CudaException(
          "the NVIDIA driver (%s) understands CUDA up to %s and this backend needs %s: install a newer driver"
              .formatted(library.origin(), words(version), words(oldest)));
    }
    int count = api.count();
    if (count == 0) {
      throw new CudaException("the NVIDIA driver (%s) finds no card".formatted(library.origin()));
    }
    return new LibcudaDevices(
        api,
        new MemoryApi(library, results),
        new StreamApi(library, results),
        new ModuleApi(library, results),
        count);
  }

  private static String words(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  /** Cards that there are, at least 1. */
  public int count() {
    return count;
  }

  /** Newest CUDA that the driver understands, as 1000 major + 10 minor. */
  public int driverVersion() {
    return api.driverVersion();
  }

  /**
   * What a card is; takes nothing of it.
   *
   * @param ordinal from 0, below {@link #count}
   */
  public DeviceProperties properties(int ordinal) {
    return api.properties(api.device(ordinal));
  }

  /** Opens a card. */
  public LibcudaDriver open(int ordinal) {
    int device = api.device(ordinal);
    return new LibcudaDriver(this, device, api.properties(device));
  }

  DeviceApi api() {
    return api;
  }

  MemoryApi memory() {
    return memory;
  }

  StreamApi streams() {
    return streams;
  }

  ModuleApi modules() {
    return modules;
  }
}
