package io.sedd.cuda.kernels;

import io.sedd.cuda.driver.KernelCompiler;
import io.sedd.cuda.memory.CudaTensor;
import io.sedd.cuda.nvrtc.CompileCache;
import io.sedd.cuda.nvrtc.NvrtcCompiler;
import io.sedd.cuda.nvrtc.NvrtcHere;
import io.sedd.cuda.ptx.CheckedInPtx;
import io.sedd.cuda.ptx.EmulatedDriver;
import io.sedd.cuda.ptx.EmulatedProducts;
import io.sedd.cuda.ptx.machine.Checks;
import io.sedd.diffusion.backend.GuardedBackend;
import java.nio.file.Path;

/**
 * The backend on the emulator: real kernels, run from the PTX that NVRTC made of them. With {@code
 * -Dsedd.nvrtc} it is made now, for work on the sources; else it is the checked-in one.
 */
public final class EmulatedBackend {

  /** Other PTX than that of the sources, and other checks, for the suites that are run within. */
  public static final ScopedValue<Emulation> INSTEAD = ScopedValue.newInstance();

  /**
   * How kernels are run.
   *
   * @param compiler where their PTX comes from
   * @param checks what is a fault
   */
  public record Emulation(KernelCompiler compiler, Checks checks) {}

  private EmulatedBackend() {}

  public static GuardedBackend<CudaTensor> open() {
    return open(INSTEAD.isBound() ? INSTEAD.get() : new Emulation(compiler(), Checks.ALL));
  }

  /** As {@link #open()}, blocks and warps from the last to the first, streams lazy. */
  static GuardedBackend<CudaTensor> openInAnotherOrder() {
    return open(EmulatedDriver.lazy(8, 0, Checks.ALL.inReverse()));
  }

  static GuardedBackend<CudaTensor> open(EmulatedDriver driver) {
    return new GuardedBackend<>(kernels(driver, compiler()));
  }

  private static GuardedBackend<CudaTensor> open(Emulation emulation) {
    EmulatedDriver driver = driver(emulation.checks());
    return new GuardedBackend<>(kernels(driver, emulation.compiler()));
  }

  static EmulatedDriver driver(Checks checks) {
    return new EmulatedDriver(new EmulatedDriver(8, 0).properties(), checks);
  }

  static CudaKernels kernels(EmulatedDriver driver, KernelCompiler compiler) {
    return new CudaKernels(driver, new EmulatedProducts(driver), compiler);
  }

  static KernelCompiler compiler() {
    if (System.getProperty(NvrtcHere.PROPERTY, "").isBlank()) {
      return new CheckedInPtx();
    }
    CompileCache cache = new CompileCache(Path.of(System.getProperty("java.io.tmpdir"), "ptx"));
    // its PTX alone: the emulator does not run code of a card
    NvrtcCompiler compiler = new NvrtcCompiler(NvrtcHere.orSkip(), cache);
    return (name, source, architecture) -> compiler.ptx(name, source, architecture);
  }
}
