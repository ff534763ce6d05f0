package io.sedd.protocol.checkpoint;

import io.sedd.protocol.checkpoint.CheckpointConfig.GraphType;
import io.sedd.protocol.checkpoint.CheckpointConfig.Model;
import io.sedd.protocol.checkpoint.CheckpointConfig.Noise;
import io.sedd.protocol.checkpoint.CheckpointConfig.NoiseType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Small checkpoints for tests; the weights are one number, the step. */
final class CheckpointFiles {

  static final Instant TIME = Instant.parse("2026-11-24T12:00:00Z");

  private CheckpointFiles() {}

  static CheckpointConfig config(String tokenizer) {
    return new CheckpointConfig(
        256,
        GraphType.ABSORB,
        new Noise(NoiseType.LOGLINEAR, 1e-4, 20),
        new Model(8, 4, 16, 1, 2, true, 0),
        tokenizer);
  }

  static void write(Path folder, long step) throws IOException {
    CheckpointConfigJson.write(config("tokenizer.json"), folder.resolve("config.json"));
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    SafetensorsWriter weights = new SafetensorsWriter();
    weights.addLongs("step", new long[] {step});
    weights.writeTo(folder.resolve("model.safetensors"));
    Files.createDirectory(folder.resolve("training"));
    Files.writeString(folder.resolve("training/state.json"), "{\"step\": " + step + "}");
  }

  static Checkpoint publish(CheckpointStore store, long step) throws IOException {
    try (CheckpointDraft draft = store.draft(CheckpointNames.ofStep(step))) {
      write(draft.folder(), step);
      return draft.publish(step, TIME, Map.of("bound", 2.5), Optional.empty());
    }
  }
}
