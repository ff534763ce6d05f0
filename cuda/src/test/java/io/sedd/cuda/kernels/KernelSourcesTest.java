package io.sedd.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.cuda.driver.Architecture;
import io.sedd.cuda.nvrtc.CompileCache;
import io.sedd.cuda.nvrtc.NvrtcCompiler;
import io.sedd.cuda.nvrtc.NvrtcHere;
import io.sedd.cuda.ptx.CheckedInPtx;
import io.sedd.cuda.ptx.EmulatedDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every source, for every architecture that the backend is built for. */
class KernelSourcesTest {

  private static final List<Architecture> ARCHITECTURES =
      List.of(Architecture.SM_80, Architecture.SM_90A, Architecture.SM_100);

  /** Sizes of attention heads, beside the usual one, that the conformance suite needs. */
  private static final List<Integer> HEADS = List.of(16, 32, 96);

  /** In the module's own folder, which is where its tests run. */
  private static final Path SOURCES = Path.of("src/main/resources/io/sedd/cuda/kernels");

  @TempDir Path folder;

  @Test
  void everySourceCompilesForEveryArchitecture() throws IOException {
    NvrtcCompiler compiler = new NvrtcCompiler(NvrtcHere.orSkip(), new CompileCache(folder));
    String write = System.getProperty(CheckedInPtx.WRITE, "");
    for (KernelSource source : sources()) {
      for (Architecture architecture : ARCHITECTURES) {
        String ptx = compiler.ptx(source.name(), source.text(), architecture);
        assertTrue(ptx.contains(".target " + architecture.real()), source.name());
        // a quick look at what no card has seen: every instruction and register of it is known
        new EmulatedDriver(architecture.major(), architecture.minor()).load(ptx);
      }
      if (!write.isBlank()) {
        CheckedInPtx.write(
            Path.of(write), compiler, source.name(), source.text(), Architecture.SM_80);
      }
    }
  }

  /**
   * Without NVRTC too: so a source cannot be changed and its emulated kernels stay as they were.
   */
  @Test
  void thePtxThatIsCheckedInIsOfThePresentSources() throws IOException {
    CheckedInPtx kept = new CheckedInPtx();
    for (KernelSource source : sources()) {
      String ptx = kept.ptx(source.name(), source.text(), Architecture.SM_80);
      assertTrue(ptx.contains(".target sm_80"), source.name());
    }
  }

  /** Two ways to the sources see the same ones. */
  @Test
  void aSourceIsReadByItsName() throws IOException {
    for (KernelSource source : files()) {
      assertEquals(source, KernelSource.read(source.name()));
    }
  }

  /** The files, and those of attention for other sizes of heads. */
  private static List<KernelSource> sources() throws IOException {
    return files().stream()
        .flatMap(
            file ->
                file.name().startsWith("attention")
                    ? Stream.concat(Stream.of(file), HEADS.stream().map(file::forHead))
                    : Stream.of(file))
        .toList();
  }

  private static List<KernelSource> files() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".cu"))
          .sorted()
          .map(KernelSource::read)
          .toList();
    }
  }
}
