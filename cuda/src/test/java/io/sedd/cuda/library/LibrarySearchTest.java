package io.sedd.cuda.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrarySearchTest {

  @TempDir Path folder;

  @Test
  void theConfiguredFoldersComeFirstThenTheVariablesThenTheToolkits() throws IOException {
    Files.createDirectories(folder.resolve("cuda-12.9"));
    Files.createDirectories(folder.resolve("cuda-13.0"));
    LibrarySearch search =
        LibrarySearch.of(
            Optional.of("/a: /b"), Map.of("CUDA_HOME", "/home", "CUDA_PATH", "/path"), folder);
    assertEquals(
        List.of(
            Path.of("/a"),
            Path.of("/b"),
            Path.of("/path/lib64"),
            Path.of("/home/lib64"),
            folder.resolve("cuda/lib64"),
            folder.resolve("cuda-13.0/lib64"),
            folder.resolve("cuda-12.9/lib64")),
        search.folders());
  }

  @Test
  void ofTwoVersionsTheNewestIsTakenThatTheDriverUnderstands() {
    assertEquals(List.of("libnvrtc.so.13", "libnvrtc.so.12"), CudaLibrary.NVRTC.names(13));
    assertEquals(List.of("libnvrtc.so.12"), CudaLibrary.NVRTC.names(12));
    assertEquals(List.of("libnvrtc.so.13", "libnvrtc.so.12"), CudaLibrary.NVRTC.names(14));
    assertEquals(List.of(), CudaLibrary.CUBLAS_LT.names(11));
    assertEquals(List.of("libcuda.so.1"), CudaLibrary.DRIVER.names(13));
  }

  @Test
  void aMissingLibraryIsOneSentenceWithEveryNameAndPlace() {
    LibrarySearch search = new LibrarySearch(List.of(folder, Path.of("/nowhere")), false);
    MissingLibraryException e =
        assertThrows(MissingLibraryException.class, () -> search.load(CudaLibrary.CUBLAS_LT, 13));
    assertEquals(
        "cuBLASLt was not found: no libcublasLt.so.13 or libcublasLt.so.12 in "
            + folder
            + ", /nowhere",
        e.getMessage());
  }

  @Test
  void aFileThatIsNoLibraryIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("libcublasLt.so.13"), "not one");
    LibrarySearch search = new LibrarySearch(List.of(folder), false);
    MissingLibraryException e =
        assertThrows(MissingLibraryException.class, () -> search.load(CudaLibrary.CUBLAS_LT, 13));
    assertTrue(e.getMessage().contains(file + " does not load"), e.getMessage());
  }

  @Test
  void aFunctionThatALibraryDoesNotHaveIsNamed() {
    LoadedLibrary c = LoadedLibrary.loadByName("libc.so.6").orElseThrow();
    MissingLibraryException e =
        assertThrows(
            MissingLibraryException.class,
            () -> c.function("cuInit", java.lang.foreign.FunctionDescriptor.ofVoid()));
    assertTrue(e.getMessage().contains("libc.so.6 has no function cuInit"), e.getMessage());
  }
}
