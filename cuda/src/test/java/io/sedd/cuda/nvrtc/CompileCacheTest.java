package io.sedd.cuda.nvrtc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompileCacheTest {

  private static final byte[] CODE = {1, 2, 3};

  @TempDir Path folder;
  private int compiled;

  @Test
  void aSourceIsCompiledOnce() {
    assertArrayEquals(CODE, get(key("a")));
    assertArrayEquals(CODE, get(key("a")));
    assertEquals(1, compiled);
  }

  @Test
  void everyThingThatTheResultDependsOnIsInTheName() {
    CompileCache.Key key = CompileCache.Key.of("n", "source", "NVRTC 13.0 PTX", List.of("-a"));
    for (CompileCache.Key other :
        List.of(
            CompileCache.Key.of("n", "source ", "NVRTC 13.0 PTX", List.of("-a")),
            CompileCache.Key.of("n", "source", "NVRTC 13.1 PTX", List.of("-a")),
            CompileCache.Key.of("n", "source", "NVRTC 13.0 CUBIN", List.of("-a")),
            CompileCache.Key.of("n", "source", "NVRTC 13.0 PTX", List.of("-b")),
            CompileCache.Key.of("m", "source", "NVRTC 13.0 PTX", List.of("-a")))) {
      assertNotEquals(key.hash(), other.hash());
    }
  }

  @Test
  void aFileInPiecesIsCompiledAgain() throws IOException {
    get(key("a"));
    Path file = folder.resolve(key("a").file());
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 10, whole.length - 1}) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertArrayEquals(CODE, get(key("a")));
      assertArrayEquals(whole, Files.readAllBytes(file));
    }
    assertEquals(4, compiled);
  }

  @Test
  void nothingButWholeFilesIsLeftInTheFolder() throws IOException {
    get(key("a"));
    get(key("b"));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void aFolderThatCannotBeWrittenCostsOnlyTheCompiling() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    CompileCache cache = new CompileCache(file.resolve("below"));
    for (int start = 0; start < 2; start++) {
      assertArrayEquals(CODE, cache.get(key("a"), this::compile));
    }
    assertEquals(2, compiled);
  }

  @Test
  void theFolderIsTheConfiguredElseTheUsersCache() {
    assertEquals(Path.of("/x"), CompileCache.folder("/x", Map.of("HOME", "/h")));
    assertEquals(
        Path.of("/c/sedd/cuda"),
        CompileCache.folder(null, Map.of("HOME", "/h", "XDG_CACHE_HOME", "/c")));
    assertEquals(Path.of("/h/.cache/sedd/cuda"), CompileCache.folder(null, Map.of("HOME", "/h")));
  }

  private byte[] get(CompileCache.Key key) {
    return new CompileCache(folder).get(key, this::compile);
  }

  private byte[] compile() {
    compiled++;
    return CODE.clone();
  }

  private static CompileCache.Key key(String source) {
    return CompileCache.Key.of("norm.cu", source, "NVRTC 13.0 PTX", List.of());
  }
}
