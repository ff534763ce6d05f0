package io.sedd.protocol.checkpoint;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code manifest.json} says of a checkpoint.
 *
 * @param step training steps that its weights have seen
 * @param time when it was written
 * @param files every file of the checkpoint but the manifest itself, by its path below the folder
 *     with {@code /} between the parts
 * @param evaluation figures by name, such as {@code bound_nats_per_token}; finite
 * @param canary expected outputs; absent where the publisher gave none
 */
public record CheckpointManifest(
    long step,
    Instant time,
    Map<String, FileDigest> files,
    Map<String, Double> evaluation,
    Optional<Canary> canary) {

  public CheckpointManifest {
    files = Map.copyOf(files);
    evaluation = Map.copyOf(evaluation);
  }
}
