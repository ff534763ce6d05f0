package io.sedd.protocol.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** File operations that outlast a loss of power, and the hidden names that they work under. */
public final class DurableFiles {

  private DurableFiles() {}

  /** Forces a file's content to the disk. */
  public static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Forces a folder's entries to the disk: the renames and new files in it. */
  static void forceFolder(Path folder) throws IOException {
    if (!Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      return; // Windows cannot open a folder; its file system journals renames
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Renames within a file system, at once or not at all. */
  public static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    forceFolder(to.toAbsolutePath().getParent());
  }

  /**
   * A new folder with the given prefix and the first free number. Unlike a temporary folder of the
   * JDK it has the usual permissions: it will be renamed into view.
   */
  public static Path newFolder(Path parent, String prefix) throws IOException {
    for (int number = 0; ; number++) {
      try {
        return Files.createDirectory(parent.resolve(prefix + number));
      } catch (FileAlreadyExistsException _) {
        // a leftover of a killed publisher, or one at work: take the next
      }
    }
  }

  /** All regular files below a folder, sorted; anything but files and folders is refused. */
  public static List<Path> filesBelow(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> paths = Files.walk(folder)) {
      files =
          paths
              .filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
              .sorted()
              .toList();
    }
    for (Path file : files) {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new CheckpointException(
            file + ": is no plain file; a checkpoint holds files and folders only");
      }
    }
    return files;
  }

  /** The folder and all below it, innermost first. */
  static List<Path> foldersInward(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths
          .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }

  /** Removes a file, or a folder with all that is in it; links are not followed. */
  public static void deleteTree(Path path) throws IOException {
    List<Path> inward;
    try (Stream<Path> paths = Files.walk(path)) {
      inward = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : inward) {
      Files.deleteIfExists(each);
    }
  }
}
