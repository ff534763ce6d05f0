package io.sedd.worker.hostile;

import io.sedd.worker.hostile.HostileInput.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Bytes as one file in a folder of its own. */
record FileInput(Path folder, Path file) implements AutoCloseable {

  /** Reads a file; what it throws beside refusals is a bug. */
  @FunctionalInterface
  interface Reader {
    Verdict read(Path file) throws IOException;
  }

  static FileInput named(String name) throws IOException {
    Path folder = Files.createTempDirectory("sedd-hostile");
    return new FileInput(folder, folder.resolve(name));
  }

  Verdict read(byte[] bytes, Reader reader) throws IOException {
    // not written over: a file system may flush then, a hundred times as slow
    Files.deleteIfExists(file);
    Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
    return reader.read(file);
  }

  /** A file beside it that is not there. */
  Path fresh(String name) throws IOException {
    Path path = folder.resolve(name);
    Files.deleteIfExists(path);
    return path;
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path left : files.toList()) {
        Files.delete(left);
      }
    }
    Files.delete(folder);
  }
}
