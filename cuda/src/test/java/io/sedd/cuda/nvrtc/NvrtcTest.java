package io.sedd.cuda.nvrtc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.cuda.driver.Architecture;
import io.sedd.cuda.driver.CudaException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real compiler, which needs no GPU. */
class NvrtcTest {

  private static final String SOURCE =
      """
      extern "C" __global__ void twice(const float* __restrict__ x, float* __restrict__ y, int n) {
        int i = blockIdx.x * blockDim.x + threadIdx.x;
        if (i < n) y[i] = 2.0f * x[i];
      }
      """;

  @TempDir Path folder;

  @Test
  void aSourceBecomesPtxForEachArchitecture() {
    Nvrtc nvrtc = NvrtcHere.orSkip();
    NvrtcCompiler compiler = new NvrtcCompiler(nvrtc, new CompileCache(folder));
    for (Architecture architecture :
        List.of(Architecture.SM_80, Architecture.SM_90A, Architecture.SM_100)) {
      String ptx = compiler.ptx("twice.cu", SOURCE, architecture);
      assertTrue(ptx.contains(".target " + architecture.real()), ptx);
      assertTrue(ptx.contains(".visible .entry twice("), ptx);
      assertTrue(ptx.endsWith("\n") || ptx.endsWith("}"), "a closing zero is left in the text");
    }
  }

  @Test
  void codeOfTheCardIsAnElfFile() {
    Nvrtc nvrtc = NvrtcHere.orSkip();
    byte[] cubin =
        nvrtc.compile("twice.cu", SOURCE, List.of("--gpu-architecture=sm_90a"), Nvrtc.Form.CUBIN);
    assertArrayEquals(new byte[] {0x7f, 'E', 'L', 'F'}, java.util.Arrays.copyOf(cubin, 4));
  }

  @Test
  void aSourceThatIsWrongIsReportedWithTheCompilersOwnWords() {
    Nvrtc nvrtc = NvrtcHere.orSkip();
    CudaException e =
        assertThrows(
            CudaException.class,
            () ->
                nvrtc.compile(
                    "wrong.cu",
                    "extern \"C\" __global__ void f() { nowhere = 1; }",
                    List.of("--gpu-architecture=compute_80"),
                    Nvrtc.Form.PTX));
    assertTrue(e.getMessage().contains("wrong.cu"), e.getMessage());
    assertTrue(e.getMessage().contains("nowhere"), e.getMessage());
  }

  @Test
  void anArchitectureThatItDoesNotKnowIsAnErrorInWords() {
    Nvrtc nvrtc = NvrtcHere.orSkip();
    CudaException e =
        assertThrows(
            CudaException.class,
            () ->
                nvrtc.compile(
                    "twice.cu", SOURCE, List.of("--gpu-architecture=sm_12"), Nvrtc.Form.PTX));
    assertTrue(e.getMessage().contains("INVALID_OPTION"), e.getMessage());
  }

  @Test
  void itsVersionIsOneOfThoseThisWasWrittenFor() {
    int major = Integer.parseInt(NvrtcHere.orSkip().version().split("\\.")[0]);
    assertTrue(major == 12 || major == 13, "version " + major);
  }

  @Test
  void theNamesOfArchitecturesAreTheCompilers() {
    assertEquals("compute_90a", Architecture.SM_90A.virtual());
    assertEquals("sm_100", Architecture.SM_100.real());
  }
}
