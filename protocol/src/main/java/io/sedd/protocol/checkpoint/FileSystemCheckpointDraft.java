package io.sedd.protocol.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A draft in a hidden folder beside its final place. */
final class FileSystemCheckpointDraft implements CheckpointDraft {

  private final FileSystemCheckpointStore store;
  private final Path folder;
  private final Path target;
  private final Consumer<PublishStep> observer;

  FileSystemCheckpointDraft(
      FileSystemCheckpointStore store, Path folder, Path target, Consumer<PublishStep> observer) {
    this.store = store;
    this.folder = folder;
    this.target = target;
    this.observer = observer;
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public Checkpoint publish(
      long step, Instant time, Map<String, Double> evaluation, Optional<Canary> canary)
      throws IOException {
    Path manifestFile = folder.resolve(Checkpoint.MANIFEST_FILE);
    Map<String, FileDigest> files = forceAndHash();
    observer.accept(PublishStep.FILES_FORCED);
    CheckpointManifestJson.write(
        new CheckpointManifest(step, time, files, evaluation, canary), manifestFile);
    DurableFiles.force(manifestFile);
    for (Path each : DurableFiles.foldersInward(folder)) {
      DurableFiles.forceFolder(each);
    }
    Checkpoint.open(folder); // refuses here what readers would refuse
    observer.accept(PublishStep.MANIFEST_WRITTEN);
    FileSystemCheckpointStore.requireFree(target);
    DurableFiles.rename(folder, target);
    observer.accept(PublishStep.FOLDER_RENAMED);
    store.makeLatest(target.getFileName().toString());
    return Checkpoint.open(target);
  }

  private Map<String, FileDigest> forceAndHash() throws IOException {
    Map<String, FileDigest> files = new HashMap<>();
    for (Path file : DurableFiles.filesBelow(folder)) {
      DurableFiles.force(file);
      files.put(folder.relativize(file).toString().replace('\\', '/'), FileDigest.of(file));
    }
    return files;
  }

  @Override
  public void close() throws IOException {
    if (Files.exists(folder)) {
      DurableFiles.deleteTree(folder);
    }
  }
}
