package io.sedd.cuda.nvrtc;

import io.sedd.cuda.driver.Architecture;
import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.driver.Driver;
import io.sedd.cuda.driver.KernelCompiler;
import io.sedd.cuda.driver.LoadedModule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Compiles with NVRTC what the cache does not have. Fused multiply-add is on and nothing else that
 * changes numbers: no fast math, denormals kept, division and square root as IEEE has them.
 */
public final class NvrtcCompiler implements KernelCompiler {

  private static final List<String> OPTIONS = List.of("--std=c++17", "--fmad=true");

  private final Nvrtc nvrtc;
  private final CompileCache cache;

  public NvrtcCompiler(Nvrtc nvrtc, CompileCache cache) {
    this.nvrtc = nvrtc;
    this.cache = cache;
  }

  @Override
  public String ptx(String name, String source, Architecture architecture) {
    byte[] text = compiled(name, source, architecture.virtual(), Nvrtc.Form.PTX);
    return new String(text, StandardCharsets.UTF_8);
  }

  /**
   * By code of the card itself rather than PTX: PTX of an NVRTC that is newer than the driver,
   * within the same major version, the driver refuses, and code it takes. A card that is newer than
   * NVRTC gets the newest PTX there is, which its driver compiles on.
   */
  @Override
  public LoadedModule load(Driver driver, String name, String source) {
    Architecture wanted = Architecture.of(driver.properties());
    Architecture known = newest(wanted);
    return known.equals(wanted)
        ? driver.loadBinary(compiled(name, source, known.real(), Nvrtc.Form.CUBIN))
        : driver.load(ptx(name, source, known));
  }

  private Architecture newest(Architecture wanted) {
    int number = 10 * wanted.major() + wanted.minor();
    int known =
        Arrays.stream(nvrtc.architectures())
            .filter(one -> one <= number)
            .max()
            .orElseThrow(
                () ->
                    new CudaException(
                        "NVRTC %s (%s) compiles for no card as old as %s"
                            .formatted(nvrtc.version(), nvrtc.origin(), wanted.real())));
    return known == number ? wanted : new Architecture(known / 10, known % 10, false);
  }

  private byte[] compiled(String name, String source, String target, Nvrtc.Form form) {
    List<String> options = new ArrayList<>(OPTIONS);
    options.add("--gpu-architecture=" + target);
    CompileCache.Key key =
        CompileCache.Key.of(name, source, "NVRTC " + nvrtc.version() + " " + form, options);
    return cache.get(key, () -> nvrtc.compile(name, source, options, form));
  }
}
