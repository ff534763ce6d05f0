package io.sedd.protocol.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {

  @TempDir Path root;
  private CheckpointStore store;

  @BeforeEach
  void publishFour() throws IOException {
    store = new FileSystemCheckpointStore(root);
    for (long step = 1; step <= 4; step++) {
      CheckpointFiles.publish(store, step);
    }
  }

  @Test
  void theNewestAndTheLatestStay() throws IOException {
    store.makeLatest("step-00000001");
    assertEquals(List.of("step-00000002"), new Retention(2).apply(store));
    assertEquals(List.of("step-00000001", "step-00000003", "step-00000004"), store.list());
  }

  @Test
  void nothingIsRemovedWhereThereAreNoMoreThanShallStay() throws IOException {
    assertEquals(List.of(), new Retention(4).apply(store));
    assertEquals(4, store.list().size());
  }

  @Test
  void aFolderNotNamedByAStepStays() throws IOException {
    CheckpointFiles.write(Files.createDirectory(root.resolve("by-hand")), 0);
    new Retention(1).apply(store);
    assertEquals(List.of("by-hand", "step-00000004"), store.list());
  }

  @Test
  void nothingIsRemovedWhereTheLatestIsUnknown() throws IOException {
    Files.writeString(root.resolve("LATEST"), "step-00000009\n");
    assertThrows(CheckpointException.class, () -> new Retention(1).apply(store));
    assertEquals(4, store.list().size());
  }

  @Test
  void atLeastOneStays() {
    assertThrows(IllegalArgumentException.class, () -> new Retention(0));
  }
}
