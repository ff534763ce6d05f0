package io.sedd.protocol.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSystemCheckpointStoreTest {

  @TempDir Path folder;
  private Path root;
  private CheckpointStore store;

  @BeforeEach
  void openTheStore() {
    root = folder.resolve("checkpoints");
    store = new FileSystemCheckpointStore(root);
  }

  private static String refused(Executable action) {
    return assertThrows(CheckpointException.class, action).getMessage();
  }

  private void assertNothingHidden() throws IOException {
    try (var paths = Files.list(root)) {
      assertEquals(
          List.of(), paths.filter(path -> path.getFileName().toString().startsWith(".")).toList());
    }
  }

  @Test
  void aStoreThatDoesNotExistYetIsEmpty() throws IOException {
    assertEquals(List.of(), store.list());
    assertEquals(Optional.empty(), store.latest());
    assertEquals(List.of(), store.removeLeftovers());
  }

  @Test
  void whatIsPublishedIsListedAndTheLatest() throws IOException {
    CheckpointFiles.publish(store, 9);
    CheckpointFiles.publish(store, 100_000_000);
    CheckpointFiles.publish(store, 10);
    assertEquals(List.of("step-00000009", "step-00000010", "step-100000000"), store.list());
    assertEquals(Optional.of("step-00000010"), store.latest());
    assertEquals("step-00000010\n", Files.readString(root.resolve("LATEST")));
    Checkpoint checkpoint = store.open("step-00000010");
    checkpoint.verifyWithTraining();
    assertEquals(10, checkpoint.manifest().orElseThrow().step());
    try (Safetensors weights = Safetensors.open(checkpoint.weights())) {
      assertArrayEquals(new long[] {10}, weights.readLongs("step"));
    }
    assertNothingHidden();
  }

  @Test
  void aNameThatExistsIsRefusedBeforeAnythingIsWritten() throws IOException {
    CheckpointFiles.publish(store, 9);
    String message = refused(() -> store.draft("step-00000009"));
    assertTrue(message.contains("exists already"), message);
    assertNothingHidden();
  }

  @Test
  void ofTwoDraftsOfOneNameTheFirstPublishedStays() throws IOException {
    try (CheckpointDraft late = store.draft("step-00000009")) {
      CheckpointFiles.write(late.folder(), 1);
      Checkpoint first = CheckpointFiles.publish(store, 9);
      refused(() -> late.publish(1, CheckpointFiles.TIME, Map.of(), Optional.empty()));
      first.verifyWithTraining();
    }
    assertNothingHidden();
  }

  @Test
  void aDraftThatIsClosedUnpublishedLeavesNothing() throws IOException {
    try (CheckpointDraft draft = store.draft("step-00000009")) {
      CheckpointFiles.write(draft.folder(), 9);
      assertEquals(List.of(), store.list());
    }
    assertNothingHidden();
  }

  @Test
  void aDraftThatReadersWouldRefuseIsNotPublished() throws IOException {
    try (CheckpointDraft draft = store.draft("step-00000009")) {
      CheckpointFiles.write(draft.folder(), 9);
      Files.delete(draft.folder().resolve("tokenizer.json"));
      String message =
          refused(() -> draft.publish(9, CheckpointFiles.TIME, Map.of(), Optional.empty()));
      assertTrue(message.contains("has no tokenizer.json"), message);
    }
    assertEquals(List.of(), store.list());
    assertEquals(Optional.empty(), store.latest());
  }

  @Test
  void aLinkInADraftIsNotPublished() throws IOException {
    try (CheckpointDraft draft = store.draft("step-00000009")) {
      CheckpointFiles.write(draft.folder(), 9);
      Files.createSymbolicLink(draft.folder().resolve("extra"), folder);
      refused(() -> draft.publish(9, CheckpointFiles.TIME, Map.of(), Optional.empty()));
    }
    assertTrue(Files.exists(folder));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "..",
        ".",
        "../outside",
        "/etc",
        "a/b",
        "a\\b",
        ".hidden",
        "two words",
        "a\nb"
      })
  void aLatestThatIsNoBareNameIsRefused(String name) throws IOException {
    CheckpointFiles.publish(store, 9);
    Files.writeString(root.resolve("LATEST"), name + "\n");
    String message = refused(store::latest);
    assertTrue(
        message.startsWith(root.resolve("LATEST") + ": holds '" + name.stripTrailing()), message);
    refused(() -> store.open(name));
    refused(() -> store.draft(name));
    refused(() -> store.delete(name));
  }

  @Test
  void aLatestThatNamesNoCheckpointIsRefusedWithThoseThatAreThere() throws IOException {
    CheckpointFiles.publish(store, 9);
    Files.writeString(root.resolve("LATEST"), "step-00000010\n");
    String message = refused(store::latest);
    assertTrue(message.contains("'step-00000010', which is no checkpoint here"), message);
    assertTrue(message.contains("[step-00000009]"), message);
  }

  @Test
  void anOlderCheckpointCanBeMadeTheLatestAgain() throws IOException {
    CheckpointFiles.publish(store, 9);
    CheckpointFiles.publish(store, 10);
    store.makeLatest("step-00000009");
    assertEquals(Optional.of("step-00000009"), store.latest());
    refused(() -> store.makeLatest("step-00000011"));
    assertNothingHidden();
  }

  @Test
  void theLatestIsNotDeleted() throws IOException {
    CheckpointFiles.publish(store, 9);
    CheckpointFiles.publish(store, 10);
    refused(() -> store.delete("step-00000010"));
    store.delete("step-00000009");
    assertEquals(List.of("step-00000010"), store.list());
    assertNothingHidden();
  }
}
