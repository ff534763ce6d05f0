package io.sedd.protocol.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.CheckpointConfig.GraphType;
import io.sedd.protocol.checkpoint.CheckpointConfig.Model;
import io.sedd.protocol.checkpoint.CheckpointConfig.Noise;
import io.sedd.protocol.checkpoint.CheckpointConfig.NoiseType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointConfigJsonTest {

  private static final String OFFICIAL =
      """
      {"ngpus": 8, "tokens": 50257, "training": {"ema": 0.9999}, "data": {"train": "openwebtext"},
       "graph": {"type": "absorb", "file": "data", "report_all": false},
       "noise": {"type": "loglinear", "sigma_min": 0.0001, "sigma_max": 20},
       "sampling": {"predictor": "euler"}, "eval": {}, "optim": {"lr": 3e-4},
       "model": {"name": "small", "type": "ddit", "hidden_size": 768, "cond_dim": 128,
                 "length": 1024, "n_blocks": 12, "n_heads": 12, "scale_by_sigma": true,
                 "dropout": 0.1}}\
      """;

  @TempDir Path folder;

  private CheckpointConfig read(String json) throws IOException {
    return CheckpointConfigJson.read(Files.writeString(folder.resolve("config.json"), json));
  }

  @Test
  void theOfficialLayoutIsReadAndItsVocabularyIsGpt2() throws IOException {
    assertEquals(
        new CheckpointConfig(
            50257,
            GraphType.ABSORB,
            new Noise(NoiseType.LOGLINEAR, 1e-4, 20),
            new Model(768, 128, 1024, 12, 12, true, 0.1),
            "gpt2"),
        read(OFFICIAL));
  }

  @Test
  void anotherVocabularyHasNoTokenizerUntilOneIsNeeded() throws IOException {
    CheckpointConfig config = read(OFFICIAL.replace("50257", "256"));
    assertEquals(CheckpointConfig.NO_TOKENIZER, config.tokenizer());
    Throwable refused = assertThrows(CheckpointException.class, config::requiredTokenizer);
    assertTrue(refused.getMessage().contains("names no tokenizer for its 256"));
  }

  @Test
  void bytesThatLookLikeAnotherEncodingAreRefusedLikeAnyOther() throws IOException {
    byte[] utf32 = {'{', 0, 0, 0, 0, 0, 0, 0x7F};
    Path file = Files.write(folder.resolve("config.json"), utf32);
    assertThrows(CheckpointException.class, () -> CheckpointConfigJson.read(file));
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    CheckpointConfig config =
        new CheckpointConfig(
            4096,
            GraphType.UNIFORM,
            new Noise(NoiseType.GEOMETRIC, 1e-3, 1),
            new Model(128, 64, 256, 4, 8, false, 0),
            "tokenizer.json");
    Path file = folder.resolve("config.json");
    CheckpointConfigJson.write(config, file);
    assertEquals(config, CheckpointConfigJson.read(file));
    assertTrue(Files.readString(file).contains("\"type\" : \"ddit\""));
  }

  @Test
  void aConfigThatCouldNotBeReadBackIsNotWritten() {
    Path file = folder.resolve("config.json");
    CheckpointConfig odd =
        new CheckpointConfig(
            10,
            GraphType.ABSORB,
            new Noise(NoiseType.LOGLINEAR, 1e-4, 20),
            new Model(30, 8, 8, 1, 4, true, 0),
            "bytes");
    assertThrows(CheckpointException.class, () -> CheckpointConfigJson.write(odd, file));
    assertTrue(Files.notExists(file));
  }

  @Test
  void theLogLinearScheduleNeedsNoBounds() throws IOException {
    String json = OFFICIAL.replace(", \"sigma_min\": 0.0001, \"sigma_max\": 20", "");
    assertEquals(new Noise(NoiseType.LOGLINEAR, 1e-4, 20), read(json).noise());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "\"tokens\": 50257; \"tokens\": 0; $.tokens is 0",
        "\"tokens\": 50257; \"tokens\": \"many\"; $.tokens must be a whole number",
        "\"tokens\": 50257, ; ``; $.tokens is missing",
        "\"type\": \"absorb\"; \"type\": \"absorbing\"; $.graph.type is 'absorbing'",
        "\"type\": \"loglinear\"; \"type\": \"cosine\"; $.noise.type is 'cosine'",
        "\"loglinear\", \"sigma_min\": 0.0001; \"geometric\", \"sigma_min\": 0; $.noise.sigma_min",
        "\"loglinear\", \"sigma_min\": 0.0001,; \"geometric\",; $.noise.sigma_min is missing",
        "\"type\": \"ddit\"; \"type\": \"unet\"; $.model.type is 'unet'",
        "\"n_heads\": 12; \"n_heads\": 7; $.model.n_heads is 7 with hidden_size 768",
        "\"n_heads\": 12; \"n_heads\": 256; $.model.n_heads is 256 with hidden_size 768",
        "\"length\": 1024; \"length\": 1e3; $.model.length must be a whole number",
        "\"scale_by_sigma\": true; \"scale_by_sigma\": 1; $.model.scale_by_sigma must be true or",
        "\"dropout\": 0.1; \"dropout\": 1; $.model.dropout is 1.0",
        "\"ngpus\": 8; \"tokenizer\": \"../gpt2\"; $.tokenizer is '../gpt2'",
        "\"ngpus\": 8; \"tokens\": 8; Duplicate field 'tokens'",
        "{\"ngpus\": 8,; [; is not valid JSON at line 1",
      })
  void whatIsWrongIsNamedByFileAndPath(String good, String bad, String complaint) {
    String json = OFFICIAL.replace(good, bad == null ? "" : bad);
    assertTrue(!json.equals(OFFICIAL), good);
    String message = assertThrows(CheckpointException.class, () -> read(json)).getMessage();
    assertTrue(message.startsWith(folder.resolve("config.json") + ": "), message);
    assertTrue(message.contains(complaint), message);
  }
}
