package io.sedd.cuda;

import io.sedd.cuda.cublaslt.CublasLtProducts;
import io.sedd.cuda.driver.DeviceProperties;
import io.sedd.cuda.kernels.CudaKernels;
import io.sedd.cuda.libcuda.LibcudaDriver;
import io.sedd.cuda.library.Libraries;
import io.sedd.cuda.library.LibrariesHere;
import io.sedd.cuda.library.LibrarySearch;
import io.sedd.cuda.library.RedistJar;
import io.sedd.cuda.nvrtc.CompileCache;
import io.sedd.cuda.nvrtc.NvrtcCompiler;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.BackendProvider;
import io.sedd.diffusion.backend.BackendUnavailableException;
import io.sedd.diffusion.backend.Precision;

/**
 * Offers {@link CudaBackend}, which is preferred to every other where there is a card for it. The
 * libraries are touched by {@link #probe} and {@link #open}.
 */
public final class CudaProvider implements BackendProvider {

  private final Libraries libraries;
  private final CompileCache cache;

  /** For this machine. */
  public CudaProvider() {
    this(
        new LibrariesHere(
            LibrarySearch.ofThisMachine(),
            new RedistJar(CudaProvider.class.getClassLoader(), CompileCache.folderOfThisUser())),
        new CompileCache(CompileCache.folderOfThisUser()));
  }

  CudaProvider(Libraries libraries, CompileCache cache) {
    this.libraries = libraries;
    this.cache = cache;
  }

  @Override
  public String name() {
    return CudaKernels.NAME;
  }

  /** Only by name: until a card has run it, no worker shall find itself on it. */
  @Override
  public int preference() {
    return -1;
  }

  @Override
  public Availability probe() {
    try {
      DeviceProperties device = CudaPlatform.find(libraries, 0).device();
      return new Availability(
          true,
          "the NVIDIA driver has %s of compute capability %d.%d"
              .formatted(device.name(), device.major(), device.minor()));
    } catch (CudaPlatform.MissingException e) {
      return new Availability(false, e.getMessage());
    }
  }

  @Override
  public Backend open(BackendOptions options) {
    if (options.precision() == Precision.FP32) {
      throw new BackendUnavailableException(
          "the cuda backend multiplies matrices in bf16 only: choose the precision bf16 or"
              + " default");
    }
    CudaPlatform platform;
    try {
      platform = CudaPlatform.find(libraries, options.device());
    } catch (CudaPlatform.MissingException e) {
      throw new BackendUnavailableException("the cuda backend cannot start: " + e.getMessage(), e);
    }
    return open(platform);
  }

  private Backend open(CudaPlatform platform) {
    LibcudaDriver driver = platform.devices().open(platform.ordinal());
    try {
      CublasLtProducts products = new CublasLtProducts(platform.cublasLt(), driver, driver::enter);
      try {
        return new CudaBackend(driver, products, new NvrtcCompiler(platform.nvrtc(), cache));
      } catch (RuntimeException e) {
        products.close();
        throw e;
      }
    } catch (RuntimeException e) {
      driver.close();
      throw e;
    }
  }
}
