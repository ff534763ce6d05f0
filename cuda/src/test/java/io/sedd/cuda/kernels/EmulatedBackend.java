package io.sedd.cuda.kernels;

import io.sedd.cuda.driver.KernelCompiler;
import io.sedd.cuda.memory.CudaTensor;
import io.sedd.cuda.nvrtc.CompileCache;
import io.sedd.cuda.nvrtc.NvrtcCompiler;
import io.sedd.cuda.nvrtc.NvrtcHere;
import io.sedd.cuda.ptx.CheckedInPtx;
import io.sedd.cuda.ptx.EmulatedDriver;
import io.sedd.cuda.ptx.EmulatedProducts;
import io.sedd.diffusion.backend.GuardedBackend;
import java.nio.file.Path;

/**
 * The backend on the emulator: real kernels, run from the PTX that NVRTC made of them. With {@code
 * -Dsedd.nvrtc} it is made now, for work on the sources; else it is the checked-in one.
 */
final class EmulatedBackend {

  private EmulatedBackend() {}

  static GuardedBackend<CudaTensor> open() {
    return open(new EmulatedDriver(8, 0));
  }

  static GuardedBackend<CudaTensor> open(EmulatedDriver driver) {
    return new GuardedBackend<>(new CudaKernels(driver, new EmulatedProducts(driver), compiler()));
  }

  private static KernelCompiler compiler() {
    if (System.getProperty(NvrtcHere.PROPERTY, "").isBlank()) {
      return new CheckedInPtx();
    }
    CompileCache cache = new CompileCache(Path.of(System.getProperty("java.io.tmpdir"), "ptx"));
    // its PTX alone: the emulator does not run code of a card
    return new NvrtcCompiler(NvrtcHere.orSkip(), cache)::ptx;
  }
}
