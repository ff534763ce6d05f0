package io.sedd.checkpoint.s3;

import io.sedd.protocol.checkpoint.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Local copies of remote checkpoints: {@code FINGERPRINT/NAME/...}, so that a name whose content
 * was replaced is another copy. What is being fetched lies in {@code .partial-FINGERPRINT} until it
 * is whole.
 *
 * <p>Bounded in bytes: the copies that were not used for longest go first, those that are
 * {@linkplain #keep wanted} never. Belongs to one process at a time, by a lock on a file in it. Not
 * thread-safe.
 */
final class CheckpointCache implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CheckpointCache.class);
  private static final String PARTIAL = ".partial-";
  private static final String STAGING = ".staging-";

  private record Copy(Path folder, String name, long bytes, FileTime used) {}

  private final Path folder;
  private final long limit;
  private final CacheDisk disk;
  private final Clock clock;
  private final FileChannel lockFile;
  private Set<String> wanted = Set.of();

  /**
   * @param folder made if it is not there
   * @param limit bytes of all copies together
   * @throws IOException if it cannot be written, or another process has it
   */
  CheckpointCache(Path folder, long limit, CacheDisk disk, Clock clock) throws IOException {
    this.folder = folder;
    this.limit = limit;
    this.disk = disk;
    this.clock = clock;
    Files.createDirectories(folder);
    this.lockFile = lock(folder);
    for (Path entry : entries()) {
      if (entry.getFileName().toString().startsWith(STAGING)) {
        DurableFiles.deleteTree(entry); // of a publisher that was killed
      }
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // handed over or closed
  private static FileChannel lock(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    Optional<FileLock> lock;
    try {
      lock = Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException _) {
      lock = Optional.empty();
    }
    if (lock.isEmpty()) {
      channel.close();
      throw new IOException(
          folder
              + ": is another worker's cache at this moment; give each worker a folder of its own");
    }
    return channel;
  }

  /** A new folder on the cache's disk, to make a checkpoint in; the caller's to remove. */
  Path newStaging() throws IOException {
    return DurableFiles.newFolder(folder, STAGING);
  }

  /** Names whose copies are not removed from now on. */
  void keep(Set<String> names) {
    wanted = Set.copyOf(names);
  }

  /** The copy of this content, if it is here whole; counts as used now. */
  Optional<Path> find(String name, String fingerprint) throws IOException {
    Path copy = place(name, fingerprint);
    if (!Files.isDirectory(copy)) {
      return Optional.empty();
    }
    Files.setLastModifiedTime(copy.getParent(), FileTime.from(clock.instant()));
    return Optional.of(copy);
  }

  /** Removes a copy that was spoilt. */
  void remove(String name, String fingerprint) throws IOException {
    DurableFiles.deleteTree(place(name, fingerprint).getParent());
  }

  /** The copy of this name that was used last, whatever its content. */
  Optional<Path> findAny(String name) throws IOException {
    return copies().stream()
        .filter(copy -> copy.name().equals(name))
        .max(Comparator.comparing(Copy::used))
        .map(copy -> copy.folder().resolve(name));
  }

  /** Where the files of a copy are gathered; may hold some from an attempt that was cut off. */
  Path partial(String name, String fingerprint) throws IOException {
    removePartials(PARTIAL + fingerprint);
    return Files.createDirectories(folder.resolve(PARTIAL + fingerprint).resolve(name));
  }

  /** Removes what was gathered of any copy. */
  void removePartials() throws IOException {
    removePartials("");
  }

  private void removePartials(String but) throws IOException {
    for (Path entry : entries()) {
      String name = entry.getFileName().toString();
      if (name.startsWith(PARTIAL) && !name.equals(but)) {
        DurableFiles.deleteTree(entry);
      }
    }
  }

  /**
   * Makes room on the disk and below the limit for a copy.
   *
   * @param bytes of the whole copy
   * @param present of them, already gathered
   * @throws IOException if there is no room without what is wanted
   */
  void makeRoom(String name, long bytes, long present) throws IOException {
    List<Copy> copies = new ArrayList<>(copies());
    copies.sort(Comparator.comparing(Copy::used));
    long total = copies.stream().mapToLong(Copy::bytes).sum();
    for (Copy copy : copies) {
      boolean enough = total + bytes <= limit && disk.usableBytes(folder) >= bytes - present;
      if (!enough && !wanted.contains(copy.name())) {
        log.info("removes checkpoint {} from the cache {} to make room", copy.name(), folder);
        DurableFiles.deleteTree(copy.folder());
        total -= copy.bytes();
      }
    }
    if (total + bytes > limit) {
      throw new IOException(
          "%s: checkpoint %s has %,d bytes and %,d are taken by %s, which are in use; the cache's limit is %,d: raise it"
              .formatted(folder, name, bytes, total, wanted, limit));
    }
    long usable = disk.usableBytes(folder);
    if (usable < bytes - present) {
      throw new IOException(
          "%s: checkpoint %s needs %,d bytes more, the disk has %,d: make room there, or put the cache elsewhere"
              .formatted(folder, name, bytes - present, usable));
    }
  }

  /** Shows a copy whose files are whole. */
  Path show(String name, String fingerprint) throws IOException {
    Path gathered = folder.resolve(PARTIAL + fingerprint);
    for (Path file : DurableFiles.filesBelow(gathered)) {
      DurableFiles.force(file);
    }
    Path copy = place(name, fingerprint);
    DurableFiles.rename(gathered, copy.getParent());
    return copy;
  }

  private Path place(String name, String fingerprint) {
    return folder.resolve(fingerprint).resolve(name);
  }

  private List<Copy> copies() throws IOException {
    List<Copy> copies = new ArrayList<>();
    for (Path entry : entries()) {
      if (Files.isDirectory(entry) && !entry.getFileName().toString().startsWith(".")) {
        for (Path inner : list(entry)) {
          long bytes = 0;
          for (Path file : DurableFiles.filesBelow(inner)) {
            bytes += Files.size(file);
          }
          copies.add(
              new Copy(
                  entry, inner.getFileName().toString(), bytes, Files.getLastModifiedTime(entry)));
        }
      }
    }
    return copies;
  }

  private List<Path> entries() throws IOException {
    return list(folder);
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.sorted().toList();
    }
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
