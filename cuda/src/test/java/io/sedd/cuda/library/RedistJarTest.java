package io.sedd.cuda.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedistJarTest {

  @TempDir Path classes;
  @TempDir Path cache;

  @Test
  void bothFilesOfNvrtcAreCopiedToAFolderOfTheirVersion() throws IOException {
    Path folder = unpack("libnvrtc.so.13", "libnvrtc-builtins.so.13.1").orElseThrow();
    assertEquals("libnvrtc.so.13", Files.readString(folder.resolve("libnvrtc.so.13")));
    assertEquals(
        "libnvrtc-builtins.so.13.1", Files.readString(folder.resolve("libnvrtc-builtins.so.13.1")));
    try (var files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
    assertEquals(folder, unpack("libnvrtc.so.13").orElseThrow());
  }

  @Test
  void aJarThatIsNewerThanTheDriverIsNotUsed() throws IOException {
    put("libnvrtc.so.13");
    try (URLClassLoader loader = loader()) {
      assertEquals(Optional.empty(), new RedistJar(loader, cache).nvrtc(12));
    }
  }

  @Test
  void withoutTheJarTheSentenceNamesItToo() throws IOException {
    try (URLClassLoader loader = loader()) {
      Libraries libraries =
          new LibrariesHere(new LibrarySearch(List.of(cache), false), new RedistJar(loader, cache));
      MissingLibraryException e =
          assertThrows(MissingLibraryException.class, () -> libraries.load(CudaLibrary.NVRTC, 12));
      assertEquals(
          "NVRTC was not found: no libnvrtc.so.12 in "
              + cache
              + ", nor on the class path in org.bytedeco:cuda-redist:linux-x86_64",
          e.getMessage());
      e = assertThrows(MissingLibraryException.class, () -> libraries.load(CudaLibrary.DRIVER, 0));
      assertTrue(e.getMessage().endsWith("no libcuda.so.1 in " + cache), e.getMessage());
    }
  }

  private Optional<Path> unpack(String... names) throws IOException {
    for (String name : names) {
      put(name);
    }
    try (URLClassLoader loader = loader()) {
      return new RedistJar(loader, cache).nvrtc(13);
    }
  }

  private void put(String name) throws IOException {
    Path folder = Files.createDirectories(classes.resolve("org/bytedeco/cuda/linux-x86_64"));
    Files.writeString(folder.resolve(name), name);
  }

  private URLClassLoader loader() throws IOException {
    return new URLClassLoader(new URL[] {classes.toUri().toURL()}, null);
  }
}
