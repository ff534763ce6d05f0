package io.sedd.protocol.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PublishAtomicityTest {

  @TempDir Path root;

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** A publisher that is killed after a step: nothing of it runs any more, not even a close. */
  @SuppressWarnings("resource")
  private void publishUntil(PublishStep last) throws IOException {
    CheckpointStore doomed =
        new FileSystemCheckpointStore(
            root,
            step -> {
              if (step == last) {
                throw new Killed();
              }
            });
    CheckpointDraft draft = doomed.draft("step-00000002");
    CheckpointFiles.write(draft.folder(), 2);
    assertThrows(
        Killed.class, () -> draft.publish(2, CheckpointFiles.TIME, Map.of(), Optional.empty()));
  }

  @ParameterizedTest
  @EnumSource(PublishStep.class)
  void aPublisherKilledAfterAnyStepLeavesAWholeLatest(PublishStep last) throws IOException {
    CheckpointStore store = new FileSystemCheckpointStore(root);
    CheckpointFiles.publish(store, 1);
    publishUntil(last);

    boolean named = last == PublishStep.LATEST_RENAMED;
    assertEquals(Optional.of(named ? "step-00000002" : "step-00000001"), store.latest());
    boolean shown = last.compareTo(PublishStep.FOLDER_RENAMED) >= 0;
    assertEquals(
        shown ? List.of("step-00000001", "step-00000002") : List.of("step-00000001"), store.list());
    for (String name : store.list()) {
      store.open(name).verifyWithTraining();
    }
  }

  @ParameterizedTest
  @EnumSource(PublishStep.class)
  void theNextPublisherCleansUpAndGoesOn(PublishStep last) throws IOException {
    CheckpointStore store = new FileSystemCheckpointStore(root);
    CheckpointFiles.publish(store, 1);
    publishUntil(last);

    List<String> before = store.list();
    boolean left = last != PublishStep.FOLDER_RENAMED;
    assertEquals(left ? 1 : 0, store.removeLeftovers().size());
    assertEquals(before, store.list());
    if (before.contains("step-00000002")) {
      store.makeLatest("step-00000002");
    } else {
      CheckpointFiles.publish(store, 2);
    }
    assertEquals(Optional.of("step-00000002"), store.latest());
    assertEquals(List.of(), store.removeLeftovers());
  }

  @Test
  void aDraftLeftBehindDoesNotBlockItsName() throws IOException {
    publishUntil(PublishStep.MANIFEST_WRITTEN);
    CheckpointStore store = new FileSystemCheckpointStore(root);
    CheckpointFiles.publish(store, 2).verifyWithTraining();
    assertEquals(Optional.of("step-00000002"), store.latest());
  }

  @Test
  void aReaderMeetsOnlyWholeCheckpointsWhileOthersArePublished() throws Exception {
    CheckpointStore store = new FileSystemCheckpointStore(root);
    CheckpointFiles.publish(store, 1);
    AtomicBoolean publishing = new AtomicBoolean(true);
    Callable<Long> reader =
        () -> {
          CheckpointStore own = new FileSystemCheckpointStore(root);
          long seen = 0;
          boolean more = true;
          while (more) {
            more = publishing.get();
            Checkpoint checkpoint = own.open(own.latest().orElseThrow());
            checkpoint.verifyWithTraining();
            long step = checkpoint.manifest().orElseThrow().step();
            assertTrue(step >= seen, step + " after " + seen);
            seen = step;
            try (Safetensors weights = Safetensors.open(checkpoint.weights())) {
              assertArrayEquals(new long[] {step}, weights.readLongs("step"));
            }
          }
          return seen;
        };
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<Long> last = threads.submit(reader);
      try {
        for (long step = 2; step <= 30; step++) {
          CheckpointFiles.publish(store, step);
        }
      } finally {
        publishing.set(false);
      }
      assertEquals(30, last.get());
    }
  }
}
