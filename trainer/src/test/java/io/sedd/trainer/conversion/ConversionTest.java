package io.sedd.trainer.conversion;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.Safetensors;
import io.sedd.protocol.checkpoint.TensorType;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversionTest {

  private static final Path GOLDEN =
      Path.of("../diffusion/src/test/resources/golden/absorb_noscale");

  @TempDir Path folder;

  private Path converted(Path source, TensorType type) throws IOException {
    Path target = folder.resolve("hub");
    try (ForeignModel model = Conversion.open(source)) {
      Conversion.write(model, target, type);
    }
    return target;
  }

  private static void assertGoldenWeights(Path hub) throws IOException {
    assertEquals(Checkpoint.open(GOLDEN).config(), Checkpoint.open(hub).config());
    try (Safetensors expected = Safetensors.open(GOLDEN.resolve("model.safetensors"));
        Safetensors actual = Safetensors.open(hub.resolve("model.safetensors"))) {
      for (String name : actual.names()) {
        assertArrayEquals(expected.entry(name).shape(), actual.entry(name).shape(), name);
        assertArrayEquals(expected.readFloats(name), actual.readFloats(name), name);
      }
      assertTrue(actual.names().size() >= expected.names().size() - 1);
    }
  }

  @Test
  void theMovingAverageOfAnOfficialRunBecomesAFolderOfTheHubsLayout() throws IOException {
    try (ForeignModel model = Conversion.open(TorchFixtures.run())) {
      assertTrue(model.description().contains("step 1234"), model.description());
    }
    assertGoldenWeights(converted(TorchFixtures.run(), TensorType.F32));
  }

  @Test
  void aModelFileWithATransposedTensorIsReadByItsStrides() throws IOException {
    assertGoldenWeights(converted(TorchFixtures.bin(), TensorType.F32));
  }

  @Test
  void aConvertedFolderConvertsAgainToTheSameBytes() throws IOException {
    Path first = converted(TorchFixtures.bin(), TensorType.F32);
    Path second = folder.resolve("again");
    try (ForeignModel model = Conversion.open(first)) {
      Conversion.write(model, second, TensorType.F32);
    }
    assertEquals(
        -1,
        Files.mismatch(first.resolve("model.safetensors"), second.resolve("model.safetensors")));
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    Path target = converted(TorchFixtures.run(), TensorType.BF16);
    try (ForeignModel model = Conversion.open(TorchFixtures.bin())) {
      assertThrows(
          FileAlreadyExistsException.class, () -> Conversion.write(model, target, TensorType.F32));
    }
  }

  @Test
  void aRunWhosePickleNamesAClassIsRefusedAndNothingIsWritten() {
    byte[] evil = "\u0080\u0002cos\nsystem\nU\u0004true\u0085R.".getBytes(ISO_8859_1);
    Path run = TorchFixtures.runWithPickle(folder, _ -> evil);
    String message =
        assertThrows(CheckpointException.class, () -> Conversion.open(run)).getMessage();
    assertTrue(message.contains("'os.system'"), message);
    assertTrue(message.contains("checkpoint.pth"), message);
    assertFalse(Files.exists(folder.resolve("hub")));
  }

  @Test
  void aFolderOfNoKnownLayoutIsRefused() {
    String message =
        assertThrows(CheckpointException.class, () -> Conversion.open(folder)).getMessage();
    assertTrue(message.contains("checkpoint.pth"), message);
    assertTrue(message.contains("pytorch_model.bin"), message);
  }

  /** Seeded, so that a failure can be seen again: the message has the round. */
  @Test
  void aDamagedPickleIsRefusedOrReadButNeverCrashes() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 300; round++) {
      Path copy = Files.createDirectory(folder.resolve("round-" + round));
      Path run =
          TorchFixtures.runWithPickle(
              copy,
              pickle -> {
                for (int flips = random.nextInt(1, 5); flips > 0; flips--) {
                  pickle[random.nextInt(pickle.length)] = (byte) random.nextInt(256);
                }
                return pickle;
              });
      int number = round;
      try (ForeignModel model = Conversion.open(run)) {
        Conversion.write(model, copy.resolve("hub"), TensorType.F32);
      } catch (CheckpointException e) {
        assertTrue(!e.getMessage().isBlank(), () -> "round " + number);
      }
    }
  }
}
