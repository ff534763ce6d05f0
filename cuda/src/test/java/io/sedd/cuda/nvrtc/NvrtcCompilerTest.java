package io.sedd.cuda.nvrtc;

import static io.sedd.cuda.library.FakeLibrary.at;
import static io.sedd.cuda.library.FakeLibrary.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.libcuda.FakeLibcuda;
import io.sedd.cuda.libcuda.LibcudaDevices;
import io.sedd.cuda.library.FakeLibrary;
import io.sedd.cuda.library.HeaderTypes;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which form of code goes to which card. */
class NvrtcCompilerTest {

  private static final String DECLARATIONS =
      """
      nvrtcVersion(int*, int*)
      nvrtcGetNumSupportedArchs(int*)
      nvrtcGetSupportedArchs(int*)
      nvrtcCreateProgram(nvrtcProgram*, const char*, const char*, int, const char* const*, \
      const char* const*)
      nvrtcCompileProgram(handle, int, const char* const*)
      nvrtcGetPTXSize(handle, size_t*)
      nvrtcGetPTX(handle, char*)
      nvrtcGetCUBINSize(handle, size_t*)
      nvrtcGetCUBIN(handle, char*)
      nvrtcGetProgramLogSize(handle, size_t*)
      nvrtcGetProgramLog(handle, char*)
      nvrtcDestroyProgram(nvrtcProgram*)
      """;

  @TempDir Path folder;
  private String loaded = "";

  @Test
  void everyFunctionHasTheArgumentsOfTheHeader() {
    FakeLibrary library = FakeNvrtc.knowing(80);
    assertEquals("13.0", new Nvrtc(library).version());
    TreeMap<String, FunctionDescriptor> expected = HeaderTypes.parse(DECLARATIONS);
    expected.put(
        "nvrtcGetErrorString", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    assertEquals(expected, new TreeMap<>(library.types()));
  }

  @Test
  void aCardThatItKnowsGetsCodeOfItsOwn() {
    load(FakeNvrtc.knowing(75, 80, 90, 100), 9, 0);
    assertEquals("CUBIN --std=c++17 --fmad=true --gpu-architecture=sm_90a", loaded);
    load(FakeNvrtc.knowing(75, 80, 89, 90), 8, 9);
    assertEquals("CUBIN --std=c++17 --fmad=true --gpu-architecture=sm_89", loaded);
  }

  @Test
  void aCardThatIsNewerThanItGetsTheNewestPtxThatItMakes() {
    load(FakeNvrtc.knowing(75, 80, 90), 12, 1);
    assertEquals("PTX --std=c++17 --fmad=true --gpu-architecture=compute_90", loaded);
  }

  @Test
  void aCardThatIsOlderThanAllItKnowsIsAnError() {
    CudaException e =
        assertThrows(CudaException.class, () -> load(FakeNvrtc.knowing(90, 100), 8, 0));
    assertEquals("NVRTC 13.0 (libfake.so) compiles for no card as old as sm_80", e.getMessage());
  }

  @Test
  void theSecondStartFindsTheCodeInTheCache() {
    load(FakeNvrtc.knowing(80), 8, 0);
    FakeLibrary again = FakeNvrtc.knowing(80);
    load(again, 8, 0);
    assertTrue(loaded.startsWith("CUBIN"), loaded);
    List<String> calls = again.takeCalls();
    assertTrue(!calls.contains("nvrtcCompileProgram"), calls.toString());
  }

  private void load(FakeLibrary nvrtc, int major, int minor) {
    FakeLibrary cuda = FakeLibcuda.card(major, minor, 13_000);
    cuda.on(
        "cuModuleLoadDataEx",
        a -> {
          loaded = at(a[1], 1024).getString(0);
          return put(a[0], 1L);
        });
    NvrtcCompiler compiler = new NvrtcCompiler(new Nvrtc(nvrtc), new CompileCache(folder));
    compiler.load(LibcudaDevices.start(cuda, 12_000).open(0), "norm.cu", "source");
  }
}
