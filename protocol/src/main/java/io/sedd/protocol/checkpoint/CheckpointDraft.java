package io.sedd.protocol.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A checkpoint being written. Closing it unpublished removes it. */
public interface CheckpointDraft extends AutoCloseable {

  /** Where to write {@code model.safetensors}, {@code config.json} and what else belongs to it. */
  Path folder();

  /**
   * Hashes all files, writes the manifest, makes everything durable, shows the checkpoint to
   * readers and makes it the latest. When this returns, the checkpoint survives a loss of power.
   *
   * @param step training steps that its weights have seen
   * @param time now
   * @param evaluation figures by name, finite
   * @param canary expected outputs
   * @throws CheckpointException if a file of a checkpoint is missing or the name exists already
   */
  Checkpoint publish(
      long step, Instant time, Map<String, Double> evaluation, Optional<Canary> canary)
      throws IOException;

  @Override
  void close() throws IOException;
}
