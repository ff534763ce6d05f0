package io.sedd.worker.denoising;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.worker.checkpoints.FlatScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CheckpointRackTest {

  private static final CandidateShare HALF = new CandidateShare(0.5);

  private final Backend backend = new ReferenceBackend();
  private final Device only = new Device(0, 0, backend);
  private final List<String> freed = new ArrayList<>();
  private final CheckpointRack rack = new CheckpointRack(1);
  private final ServedCheckpoint old = checkpoint("old");
  private final ServedCheckpoint next = checkpoint("next");

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void aCandidateGetsTheJobsOfItsShareAndNoOthers() {
    rack.serve(old);
    rack.tryOut(next, HALF);
    for (int i = 0; i < 100; i++) {
      String id = "job-" + i;
      assertSame(HALF.takes(id) ? next : old, rack.enter(only, id));
    }
  }

  @Test
  void aDismissedCandidateIsFreedWhenItsLastJobHasLeft() {
    rack.serve(old);
    rack.tryOut(next, new CandidateShare(1));
    rack.enter(only, "job");
    rack.dismiss();
    assertSame(old, rack.enter(only, "another"));
    assertEquals(List.of(), freed);
    rack.leave(only, next);
    assertEquals(List.of("next"), freed);
  }

  @Test
  void aPromotedCandidateTakesTheOldOnesPlace() {
    rack.serve(old);
    rack.tryOut(next, new CandidateShare(0));
    rack.enter(only, "job");
    rack.serve(next);
    assertSame(next, rack.enter(only, "another"));
    assertEquals(List.of(), freed);
    rack.leave(only, old);
    assertEquals(List.of("old"), freed);
  }

  @Test
  void aThirdCheckpointEndsTheTrialOfTheCandidate() {
    rack.serve(old);
    rack.tryOut(next, HALF);
    rack.serve(checkpoint("third"));
    assertEquals(Set.of("next", "old"), Set.copyOf(freed), "in any order");
    assertEquals(1, rack.size());
  }

  @Test
  void aCandidateNeedsACurrentCheckpoint() {
    assertThrows(IllegalStateException.class, () -> rack.tryOut(next, HALF));
  }

  @Test
  void closingFreesAll() {
    rack.serve(old);
    rack.tryOut(next, HALF);
    rack.enter(only, "job");
    rack.close(only);
    assertEquals(2, freed.size());
  }

  // --- two devices

  private final Device second = new Device(1, 7, backend);

  private ServedCheckpoint onBoth(String name) {
    FlatScores scores = new FlatScores(backend, _ -> {});
    return FlatScores.served(
        name,
        List.of(
            scores.copy(() -> freed.add(name + " on 0")),
            scores.copy(() -> freed.add(name + " on 1"))));
  }

  @Test
  void eachDevicesCopyIsFreedWhenThatDevicesLastJobHasLeftIt() {
    CheckpointRack both = new CheckpointRack(2);
    both.serve(onBoth("old"));
    ServedCheckpoint running = both.enter(second, "job");
    both.serve(onBoth("new"));
    assertEquals(List.of("old on 0"), freed);
    assertEquals(2, both.size());
    both.leave(second, running);
    assertEquals(List.of("old on 0", "old on 1"), freed);
    assertEquals(1, both.size());
  }

  @Test
  void aDeviceThatHasEndedHasItsCopiesFreedThePresentAndTheFutureOnes() {
    CheckpointRack both = new CheckpointRack(2);
    both.serve(onBoth("old"));
    both.enter(only, "job");
    both.enter(second, "job");
    both.close(second);
    assertEquals(List.of("old on 1"), freed);
    both.serve(onBoth("new"));
    assertEquals(List.of("old on 1", "new on 1"), freed);
    both.close(only);
    assertEquals(Set.of("old on 0", "old on 1", "new on 0", "new on 1"), Set.copyOf(freed));
    assertEquals(4, freed.size());
  }

  @Test
  void aCheckpointNeedsACopyForEachDevice() {
    CheckpointRack both = new CheckpointRack(2);
    ServedCheckpoint one = checkpoint("one");
    assertThrows(IllegalArgumentException.class, () -> both.serve(one));
    assertEquals(0, both.size());
  }

  private ServedCheckpoint checkpoint(String name) {
    return new FlatScores(backend, _ -> {}).served(name, () -> freed.add(name));
  }
}
