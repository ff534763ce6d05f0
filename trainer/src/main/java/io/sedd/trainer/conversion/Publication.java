package io.sedd.trainer.conversion;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointDraft;
import io.sedd.protocol.checkpoint.CheckpointManifest;
import io.sedd.protocol.checkpoint.CheckpointStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Brings a finished checkpoint into a store; training state stays behind. */
public final class Publication {

  private Publication() {}

  /**
   * Verifies, copies and publishes.
   *
   * @param name in the store; the checkpoint's own if absent
   * @param now the time of a checkpoint that has none
   */
  public static Checkpoint publish(
      Checkpoint checkpoint, CheckpointStore store, Optional<String> name, Instant now)
      throws IOException {
    checkpoint.verify();
    try (ForeignModel model = Conversion.open(checkpoint.folder())) {
      Conversion.check(model);
    }
    try (CheckpointDraft draft = store.draft(name.orElse(checkpoint.name()))) {
      copy(checkpoint.weights(), draft);
      copy(checkpoint.folder().resolve(Checkpoint.CONFIG_FILE), draft);
      Optional<Path> tokenizer = checkpoint.tokenizerFile();
      if (tokenizer.isPresent()) {
        copy(tokenizer.get(), draft);
      }
      Optional<CheckpointManifest> manifest = checkpoint.manifest();
      return draft.publish(
          manifest.map(CheckpointManifest::step).orElse(0L),
          manifest.map(CheckpointManifest::time).orElse(now),
          manifest.map(CheckpointManifest::evaluation).orElse(Map.of()),
          manifest.flatMap(CheckpointManifest::canary));
    }
  }

  private static void copy(Path file, CheckpointDraft draft) throws IOException {
    Files.copy(file, draft.folder().resolve(file.getFileName().toString()));
  }
}
