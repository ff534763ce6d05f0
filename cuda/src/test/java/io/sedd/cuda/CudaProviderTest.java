package io.sedd.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.cuda.cublaslt.FakeCublasLt;
import io.sedd.cuda.libcuda.FakeLibcuda;
import io.sedd.cuda.library.CudaLibrary;
import io.sedd.cuda.library.FakeLibrary;
import io.sedd.cuda.library.Libraries;
import io.sedd.cuda.library.LibrarySearch;
import io.sedd.cuda.nvrtc.CompileCache;
import io.sedd.cuda.nvrtc.FakeNvrtc;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.BackendProvider;
import io.sedd.diffusion.backend.BackendUnavailableException;
import io.sedd.diffusion.backend.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of each machine that the backend cannot start on. */
class CudaProviderTest {

  @TempDir Path folder;

  private final Map<CudaLibrary, FakeLibrary> there = new EnumMap<>(CudaLibrary.class);

  CudaProviderTest() {
    there.put(CudaLibrary.DRIVER, FakeLibcuda.card(9, 0, 13_000));
    there.put(CudaLibrary.NVRTC, FakeNvrtc.knowing(80, 90));
    there.put(CudaLibrary.CUBLAS_LT, FakeCublasLt.library());
  }

  /** What is there; for anything else the real search in an empty folder. */
  private CudaProvider provider() {
    Libraries nowhere = new LibrarySearch(List.of(Path.of("/lib64")), false);
    return new CudaProvider(
        (library, major) ->
            there.containsKey(library) ? there.get(library) : nowhere.load(library, major),
        new CompileCache(folder));
  }

  private String refusal() {
    BackendProvider.Availability answer = provider().probe();
    assertFalse(answer.available());
    BackendUnavailableException e =
        assertThrows(
            BackendUnavailableException.class, () -> provider().open(BackendOptions.defaults()));
    assertEquals("the cuda backend cannot start: " + answer.reason(), e.getMessage());
    return answer.reason();
  }

  @Test
  void whereEverythingIsThereItStartsAndSaysOnWhat() {
    assertEquals(
        new BackendProvider.Availability(
            true, "the NVIDIA driver has NVIDIA Fake of compute capability 9.0"),
        provider().probe());
    try (Backend backend = provider().open(BackendOptions.defaults())) {
      assertEquals("cuda", backend.name());
      assertTrue(backend.description().contains("NVIDIA Fake"), backend.description());
    }
  }

  @Test
  void whatWasOpenedIsGivenBack() {
    FakeLibrary cuda = there.get(CudaLibrary.DRIVER);
    provider().open(BackendOptions.defaults()).close();
    List<String> calls = cuda.takeCalls();
    assertEquals(count(calls, "cuStreamCreate"), count(calls, "cuStreamDestroy_v2"));
    assertEquals(count(calls, "cuMemAlloc_v2"), count(calls, "cuMemFree_v2"));
    assertEquals(1, count(calls, "cuDevicePrimaryCtxRetain"));
    assertEquals("cuDevicePrimaryCtxRelease_v2", calls.getLast());
  }

  @Test
  void aProbeTakesNothingOfTheCard() {
    provider().probe();
    List<String> calls = there.get(CudaLibrary.DRIVER).takeCalls();
    assertEquals(0, count(calls, "cuDevicePrimaryCtxRetain"));
  }

  @Test
  void withoutADriverItSaysWhereItLooked() {
    there.remove(CudaLibrary.DRIVER);
    assertEquals("the NVIDIA driver was not found: no libcuda.so.1 in /lib64", refusal());
  }

  @Test
  void aDriverWithoutACardIsSaid() {
    there.get(CudaLibrary.DRIVER).on("cuInit", _ -> 100);
    assertEquals("the NVIDIA driver (libfake.so) finds no card", refusal());
  }

  @Test
  void aDriverThatDoesNotStartIsSaidWithItsOwnError() {
    there.get(CudaLibrary.DRIVER).on("cuInit", _ -> 719);
    assertEquals(
        "the NVIDIA driver (libfake.so) does not start: CUDA_ERROR_LAUNCH_FAILED (719)", refusal());
  }

  @Test
  void aDriverThatIsTooOldIsSaidWithBothVersions() {
    there.put(CudaLibrary.DRIVER, FakeLibcuda.card(9, 0, 11_060));
    assertEquals(
        "the NVIDIA driver (libfake.so) understands CUDA up to 11.6 and this backend needs 12.0:"
            + " install a newer driver",
        refusal());
  }

  @Test
  void aDriverThatLacksAFunctionIsSaid() {
    there.get(CudaLibrary.DRIVER).without("cuGraphInstantiateWithFlags");
    assertEquals("libfake.so has no function cuGraphInstantiateWithFlags", refusal());
  }

  @Test
  void aCardThatIsTooOldIsPointedToTheBuildForOlderOnes() {
    there.put(CudaLibrary.DRIVER, FakeLibcuda.card(7, 5, 13_000));
    String said = refusal();
    assertTrue(
        said.startsWith(
            "the card NVIDIA Fake has compute capability 7.5 and this backend needs 8.0"),
        said);
    assertTrue(said.contains("cuda-11.6"), said);
  }

  @Test
  void withoutNvrtcItSaysWhichVersionsItLookedForAndHowToGiveThem() {
    there.remove(CudaLibrary.NVRTC);
    assertEquals(
        "NVRTC was not found: no libnvrtc.so.13 or libnvrtc.so.12 in /lib64; install the CUDA 13"
            + " toolkit's libraries, or give their folder with -Dsedd.cuda.libraries=FOLDER",
        refusal());
  }

  @Test
  void underADriverForCuda12OnlyLibrariesOfCuda12AreLookedFor() {
    there.put(CudaLibrary.DRIVER, FakeLibcuda.card(9, 0, 12_040));
    there.remove(CudaLibrary.CUBLAS_LT);
    assertEquals(
        "cuBLASLt was not found: no libcublasLt.so.12 in /lib64; install the CUDA 12"
            + " toolkit's libraries, or give their folder with -Dsedd.cuda.libraries=FOLDER",
        refusal());
  }

  @Test
  void aCardThatThereIsNotIsAnErrorThatSaysHowManyThereAre() {
    BackendUnavailableException e =
        assertThrows(
            BackendUnavailableException.class, () -> provider().open(new BackendOptions(1, 3)));
    assertEquals(
        "the cuda backend cannot start: there is no card 3: the NVIDIA driver has 1, numbered from"
            + " 0",
        e.getMessage());
  }

  @Test
  void productsInFp32AreRefused() {
    BackendUnavailableException e =
        assertThrows(
            BackendUnavailableException.class,
            () -> provider().open(BackendOptions.of(Precision.FP32)));
    assertTrue(e.getMessage().contains("bf16 only"), e.getMessage());
  }

  @Test
  void aLibraryThatFailsToOpenLeavesTheCardFree() {
    there.get(CudaLibrary.CUBLAS_LT).on("cublasLtCreate", _ -> 1);
    assertThrows(RuntimeException.class, () -> provider().open(BackendOptions.defaults()));
    assertEquals(
        "cuDevicePrimaryCtxRelease_v2", there.get(CudaLibrary.DRIVER).takeCalls().getLast());
  }

  @Test
  void theProviderIsFoundAndTakenOnlyByName() {
    BackendProvider provider =
        ServiceLoader.load(BackendProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(one -> one.name().equals("cuda"))
            .findFirst()
            .orElseThrow();
    assertEquals(CudaProvider.class, provider.getClass());
    assertTrue(provider.preference() < 0);
  }

  @Test
  void onAMachineWithoutADriverItIsNotAvailableAndSaysSo() {
    Assumptions.assumeFalse(
        Files.exists(Path.of("/dev/nvidiactl")), "this machine has an NVIDIA card");
    BackendProvider.Availability answer = new CudaProvider().probe();
    assertFalse(answer.available());
    assertTrue(answer.reason().startsWith("the NVIDIA driver"), answer.reason());
  }

  private static long count(List<String> calls, String name) {
    return calls.stream().filter(name::equals).count();
  }
}
