package io.sedd.checkpoint.s3;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointConfig;
import io.sedd.protocol.checkpoint.CheckpointConfig.GraphType;
import io.sedd.protocol.checkpoint.CheckpointConfig.Model;
import io.sedd.protocol.checkpoint.CheckpointConfig.Noise;
import io.sedd.protocol.checkpoint.CheckpointConfig.NoiseType;
import io.sedd.protocol.checkpoint.CheckpointConfigJson;
import io.sedd.protocol.checkpoint.CheckpointDraft;
import io.sedd.protocol.checkpoint.CheckpointStore;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Checkpoints of random bytes: no network reads them here. */
final class SmallCheckpoint {

  static final int BYTES = 300_000;

  private SmallCheckpoint() {}

  static Checkpoint publish(CheckpointStore store, String name) throws IOException {
    try (CheckpointDraft draft = store.draft(name)) {
      byte[] weights = new byte[BYTES];
      new SplittableRandom(name.hashCode()).nextBytes(weights);
      Files.write(draft.folder().resolve(Checkpoint.MODEL_FILE), weights);
      CheckpointConfigJson.write(
          new CheckpointConfig(
              257,
              GraphType.ABSORB,
              new Noise(NoiseType.LOGLINEAR, 1e-4, 20),
              new Model(16, 8, 64, 1, 2, true, 0),
              "bytes"),
          draft.folder().resolve(Checkpoint.CONFIG_FILE));
      Files.createDirectory(draft.folder().resolve(Checkpoint.TRAINING_FOLDER));
      Files.write(
          draft.folder().resolve(Checkpoint.TRAINING_FOLDER).resolve("state"), new byte[1000]);
      return draft.publish(7, Instant.EPOCH, Map.of(), Optional.empty());
    }
  }
}
