package io.sedd.launcher.demo;

import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The checkpoints of the demo, handed to the worker one after the other as a trainer would: whole
 * first, then LATEST.
 */
public final class CheckpointSwap {

  private final Path source;
  private final Path target;
  private final List<String> names;

  /**
   * @param source folder of at least two checkpoints; the order of their names is that of their age
   * @param target folder that the worker watches
   */
  public CheckpointSwap(Path source, Path target) throws IOException {
    this.source = source;
    this.target = target;
    this.names = new FileSystemCheckpointStore(source).list();
    if (names.size() < 2) {
      throw new IOException(
          source + " holds " + names + "; the demo needs two checkpoints to swap");
    }
  }

  /** The checkpoint that serves first. */
  public String older() {
    return names.get(names.size() - 2);
  }

  /** The one that replaces it under load. */
  public String newer() {
    return names.getLast();
  }

  /** Copies a checkpoint beside the others and points LATEST at it. */
  public void publish(String name) throws IOException {
    Path hidden = target.resolve("." + name + ".copy");
    Files.createDirectories(hidden);
    try (Stream<Path> files = Files.list(source.resolve(name))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, hidden.resolve(file.getFileName()));
      }
    }
    Files.move(hidden, target.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    new FileSystemCheckpointStore(target).makeLatest(name);
  }
}
