package io.sedd.protocol.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

  @TempDir Path root;

  private Checkpoint published() throws IOException {
    return CheckpointFiles.publish(new FileSystemCheckpointStore(root), 7);
  }

  private static String refused(Executable action) {
    return assertThrows(CheckpointException.class, action).getMessage();
  }

  @Test
  void aPublishedCheckpointOpensWithItsManifestAndVerifies() throws IOException {
    Checkpoint checkpoint = published();
    checkpoint.verifyWithTraining();
    assertEquals("step-00000007", checkpoint.name());
    assertEquals(FileDigest.of(checkpoint.weights()).sha256(), checkpoint.sha256());
    assertEquals(
        List.of("config.json", "model.safetensors", "tokenizer.json", "training/state.json"),
        checkpoint.manifest().orElseThrow().files().keySet().stream().sorted().toList());
    assertEquals(
        Optional.of(checkpoint.folder().resolve("tokenizer.json")), checkpoint.tokenizerFile());
  }

  @Test
  void anOfficialFolderWithoutManifestOpensUnderItsNameWithItsHash() throws IOException {
    Path folder = Files.createDirectory(root.resolve("sedd-small"));
    CheckpointConfigJson.write(CheckpointFiles.config("bytes"), folder.resolve("config.json"));
    Files.writeString(folder.resolve("model.safetensors"), "abc");
    Checkpoint checkpoint = Checkpoint.open(folder);
    checkpoint.verify();
    assertEquals("sedd-small", checkpoint.name());
    assertEquals(Optional.empty(), checkpoint.manifest());
    // FIPS 180-2, appendix B.1
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", checkpoint.sha256());
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "model.safetensors", "tokenizer.json"})
  void aMissingFileIsNamed(String file) throws IOException {
    Path folder = published().folder();
    Files.delete(folder.resolve(file));
    String message = refused(() -> Checkpoint.open(folder));
    assertTrue(message.startsWith(folder + ": has no " + file), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "model.safetensors", "tokenizer.json"})
  void aTruncatedFileIsRefusedWithBothSizes(String name) throws IOException {
    Checkpoint checkpoint = published();
    Path file = checkpoint.folder().resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));
    String message = refused(checkpoint::verify);
    assertTrue(
        message.startsWith(
            file + ": has " + (bytes.length - 1) + " bytes, the manifest says " + bytes.length),
        message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "model.safetensors", "tokenizer.json"})
  void aFlippedBitIsRefusedWithBothHashes(String name) throws IOException {
    Checkpoint checkpoint = published();
    Path file = checkpoint.folder().resolve(name);
    String before = FileDigest.of(file).sha256();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    String message = refused(checkpoint::verify);
    assertTrue(
        message.startsWith(
            file
                + ": has sha256 "
                + FileDigest.of(file).sha256()
                + ", the manifest says "
                + before),
        message);
  }

  @Test
  void aDeployedCopyMayLackTheTrainingFolderButATrainerNoticesIt() throws IOException {
    Checkpoint checkpoint = published();
    DurableFiles.deleteTree(checkpoint.training());
    checkpoint.verify();
    String message = refused(checkpoint::verifyWithTraining);
    assertTrue(message.contains("state.json: is in the manifest but missing"), message);
  }

  @Test
  void aManifestThatDoesNotListTheWeightsIsRefused() throws IOException {
    Path folder = published().folder();
    Path manifest = folder.resolve("manifest.json");
    Files.writeString(
        manifest,
        Files.readString(manifest).replace("\"model.safetensors\"", "\"model2.safetensors\""),
        StandardCharsets.UTF_8);
    String message = refused(() -> Checkpoint.open(folder));
    assertTrue(message.startsWith(manifest + ": lists no model.safetensors"), message);
  }
}
