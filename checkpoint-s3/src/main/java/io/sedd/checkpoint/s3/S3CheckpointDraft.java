package io.sedd.checkpoint.s3;

import io.sedd.protocol.checkpoint.Canary;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointDraft;
import io.sedd.protocol.checkpoint.DurableFiles;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A draft in a local folder beside the cached copies; published there first, then uploaded. */
final class S3CheckpointDraft implements CheckpointDraft {

  private final S3CheckpointStore store;
  private final Path staging;
  private final CheckpointDraft local;
  private final String name;

  S3CheckpointDraft(S3CheckpointStore store, CheckpointCache cache, String name)
      throws IOException {
    this.store = store;
    this.staging = cache.newStaging();
    this.local = new FileSystemCheckpointStore(staging).draft(name);
    this.name = name;
  }

  @Override
  public Path folder() {
    return local.folder();
  }

  @Override
  public Checkpoint publish(
      long step, Instant time, Map<String, Double> evaluation, Optional<Canary> canary)
      throws IOException {
    return store.publish(local.publish(step, time, evaluation, canary).folder(), name);
  }

  @Override
  public void close() throws IOException {
    DurableFiles.deleteTree(staging);
  }
}
