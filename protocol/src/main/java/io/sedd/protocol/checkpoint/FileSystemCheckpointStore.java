package io.sedd.protocol.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Checkpoints as folders in a folder, beside the file {@code LATEST} that names one of them. What
 * is being written or removed has a hidden name, and appears or disappears by one rename.
 */
public final class FileSystemCheckpointStore implements CheckpointStore {

  static final String LATEST = "LATEST";

  /** A name and a line end are shorter; more is no such file. */
  private static final int LONGEST_LATEST = 256;

  private static final String DRAFT = ".tmp-";
  private static final String DELETED = ".deleted-";

  private final Path root;
  private final Consumer<PublishStep> observer;

  /**
   * @param root the folder; made when the first checkpoint is begun
   */
  public FileSystemCheckpointStore(Path root) {
    this(root, _ -> {});
  }

  /**
   * @param observer told of every step of a publication; what it throws ends the publication there
   */
  FileSystemCheckpointStore(Path root, Consumer<PublishStep> observer) {
    this.root = root;
    this.observer = observer;
  }

  @Override
  public List<String> list() throws IOException {
    return entries().stream()
        .filter(CheckpointNames::isBare)
        .filter(this::isCheckpoint)
        .sorted(CheckpointNames.BY_AGE)
        .toList();
  }

  @Override
  public Optional<String> latest() throws IOException {
    Optional<String> name = readLatest();
    while (name.isPresent() && !isCheckpoint(name.get())) {
      Optional<String> again = readLatest();
      if (again.equals(name)) {
        throw new CheckpointException(
            "%s: names '%s', which is no checkpoint here; there are %s"
                .formatted(root.resolve(LATEST), name.get(), list()));
      }
      // a publisher has named another and removed this one meanwhile
      name = again;
    }
    return name;
  }

  private Optional<String> readLatest() throws IOException {
    Path file = root.resolve(LATEST);
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LONGEST_LATEST);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
    String name = new String(bytes, StandardCharsets.UTF_8).stripTrailing();
    if (!CheckpointNames.isBare(name)) {
      throw new CheckpointException(
          "%s: holds '%s', not the bare name of a folder beside it such as %s; write one there"
              .formatted(file, name, CheckpointNames.ofStep(12_000)));
    }
    return Optional.of(name);
  }

  @Override
  public Checkpoint open(String name) throws IOException {
    return Checkpoint.open(published(name));
  }

  @Override
  public String fingerprint(String name) throws IOException {
    return FolderFingerprint.of(root.resolve(bare(name)));
  }

  @Override
  public CheckpointDraft draft(String name) throws IOException {
    Path target = root.resolve(bare(name));
    Files.createDirectories(root);
    requireFree(target);
    Path folder = DurableFiles.newFolder(root, "." + name + DRAFT);
    return new FileSystemCheckpointDraft(this, folder, target, observer);
  }

  static void requireFree(Path target) {
    if (Files.exists(target)) {
      throw new CheckpointException(
          target + ": exists already; published checkpoints are not replaced, take another name");
    }
  }

  @Override
  public void makeLatest(String name) throws IOException {
    published(name);
    Path folder = DurableFiles.newFolder(root, "." + LATEST + DRAFT);
    Path written = folder.resolve(LATEST);
    Files.writeString(written, name + "\n", StandardOpenOption.CREATE_NEW);
    DurableFiles.force(written);
    observer.accept(PublishStep.LATEST_WRITTEN);
    DurableFiles.rename(written, root.resolve(LATEST));
    observer.accept(PublishStep.LATEST_RENAMED);
    DurableFiles.deleteTree(folder);
  }

  @Override
  public void delete(String name) throws IOException {
    Path folder = published(name);
    if (latest().equals(Optional.of(name))) {
      throw new CheckpointException(folder + ": is the latest; make another the latest first");
    }
    Path hidden = DurableFiles.newFolder(root, DELETED);
    DurableFiles.rename(folder, hidden.resolve(name));
    DurableFiles.deleteTree(hidden);
  }

  @Override
  public List<String> removeLeftovers() throws IOException {
    List<String> removed = new ArrayList<>();
    for (String name : entries()) {
      if (name.startsWith(DELETED) || (name.startsWith(".") && name.contains(DRAFT))) {
        DurableFiles.deleteTree(root.resolve(name));
        removed.add(name);
      }
    }
    return removed;
  }

  private List<String> entries() throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(root)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private Path published(String name) {
    if (!isCheckpoint(bare(name))) {
      throw new CheckpointException(root + ": has no checkpoint '" + name + "'");
    }
    return root.resolve(name);
  }

  private String bare(String name) {
    if (!CheckpointNames.isBare(name)) {
      throw new CheckpointException(
          "%s: '%s' is no name of a checkpoint; use letters, digits, '.', '-' and '_' only"
              .formatted(root, name));
    }
    return name;
  }

  private boolean isCheckpoint(String name) {
    Path folder = root.resolve(name);
    return Files.isRegularFile(folder.resolve(Checkpoint.CONFIG_FILE))
        && Files.isRegularFile(folder.resolve(Checkpoint.MODEL_FILE));
  }
}
