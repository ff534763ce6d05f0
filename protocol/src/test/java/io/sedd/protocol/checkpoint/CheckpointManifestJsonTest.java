package io.sedd.protocol.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointManifestJsonTest {

  private static final Instant TIME = Instant.parse("2026-11-24T12:00:00.123456789Z");
  private static final CheckpointManifest MANIFEST =
      new CheckpointManifest(
          12_000,
          TIME,
          Map.of(
              "model.safetensors", new FileDigest(5_000_000_000L, "0f".repeat(32)),
              "training/moments.safetensors", new FileDigest(0, "ab".repeat(32))),
          Map.of("bound_nats_per_token", 2.25, "learning_rate", 3e-4),
          Optional.of(
              new Canary(
                  1e-3,
                  List.of(
                      new Canary.Row(
                          List.of(4096, 17, 4096), 0.5, List.of(new Canary.LogScore(2, 17, -1.25))),
                      new Canary.Row(List.of(3), 1e-4, List.of())))));

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("manifest.json");
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    CheckpointManifestJson.write(MANIFEST, file());
    assertEquals(MANIFEST, CheckpointManifestJson.read(file()));
  }

  @Test
  void aManifestNeedsNoCanary() throws IOException {
    CheckpointManifest plain =
        new CheckpointManifest(0, TIME, Map.of(), Map.of(), Optional.empty());
    CheckpointManifestJson.write(plain, file());
    assertEquals(plain, CheckpointManifestJson.read(file()));
  }

  @Test
  void aFigureThatIsNotFiniteIsNotWritten() {
    CheckpointManifest bad =
        new CheckpointManifest(0, TIME, Map.of(), Map.of("bound", Double.NaN), Optional.empty());
    String message =
        assertThrows(CheckpointException.class, () -> CheckpointManifestJson.write(bad, file()))
            .getMessage();
    assertTrue(message.contains("$.evaluation.bound must be a finite number"), message);
    assertTrue(Files.notExists(file()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "\"step\" : 12000; \"step\" : -1; $.step is -1",
        "\"step\" : 12000; \"steps\" : 1; $.steps is unknown",
        "2026-11-24T12:00:00.123456789Z; yesterday; $.time must be a moment",
        "\"model.safetensors\"; \"../model.safetensors\"; $.files['../model.safetensors'] is no",
        "\"model.safetensors\"; \"/etc/passwd\"; $.files['/etc/passwd'] is no path",
        "\"training/moments.safetensors\"; \"training/../../x\"; is no path below",
        "0f0f0f; 0F0F0F; $.files['model.safetensors'].sha256 must be 64",
        "5000000000; 5e9; $.files['model.safetensors'].size must be a whole number",
        "2.25; \"low\"; $.evaluation.bound_nats_per_token must be a finite number",
        "\"tolerance\" : 0.001; \"tolerance\" : 0; $.canary.tolerance is 0.0",
        "\"sigma\" : 0.5; \"sigma\" : -0.5; $.canary.rows[0].sigma is -0.5",
        "\"position\" : 2; \"position\" : 3; $.canary.rows[0].expected[0].position is 3",
        "4096, 17; 4096, 1.5; $.canary.rows[0].tokens[1] must be a whole number",
      })
  void whatIsWrongIsNamedByFileAndPath(String good, String bad, String complaint)
      throws IOException {
    CheckpointManifestJson.write(MANIFEST, file());
    String json = Files.readString(file());
    assertTrue(json.contains(good), json);
    Files.writeString(file(), json.replace(good, bad));
    String message =
        assertThrows(CheckpointException.class, () -> CheckpointManifestJson.read(file()))
            .getMessage();
    assertTrue(message.startsWith(file() + ": "), message);
    assertTrue(message.contains(complaint), message);
  }
}
