package io.sedd.protocol.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.CheckpointConfig.GraphType;
import io.sedd.protocol.checkpoint.CheckpointConfig.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointObjectiveTest {

  @TempDir Path folder;

  private static CheckpointConfig config(GraphType graph, Objective objective) {
    return new CheckpointConfig(
        300,
        graph,
        new CheckpointConfig.Noise(CheckpointConfig.NoiseType.LOGLINEAR, 1e-4, 20),
        new CheckpointConfig.Model(16, 8, 8, 1, 2, false, 0),
        objective,
        "bytes");
  }

  @Test
  void everyObjectiveIsReadBack() throws IOException {
    for (Objective objective : Objective.values()) {
      CheckpointConfig config = config(GraphType.ABSORB, objective);
      Path file = folder.resolve(objective.key());
      CheckpointConfigJson.write(config, file);
      assertEquals(config, CheckpointConfigJson.read(file));
    }
  }

  @Test
  void anUnknownObjectiveIsRefusedWithTheKnownOnes() throws IOException {
    Path file = folder.resolve("config.json");
    CheckpointConfigJson.write(config(GraphType.UNIFORM, Objective.MEAN_PREDICTION), file);
    Files.writeString(file, Files.readString(file).replace("mean_prediction", "mean"));
    Throwable refused =
        assertThrows(CheckpointException.class, () -> CheckpointConfigJson.read(file));
    assertTrue(refused.getMessage().contains("$.objective is 'mean'"), refused.getMessage());
    assertTrue(refused.getMessage().contains("autoregressive"), refused.getMessage());
  }

  @Test
  void anAutoregressiveModelOfTheUniformGraphIsRefused() {
    CheckpointConfig odd = config(GraphType.UNIFORM, Objective.AUTOREGRESSIVE);
    assertThrows(
        CheckpointException.class, () -> CheckpointConfigJson.write(odd, folder.resolve("odd")));
  }
}
