package io.sedd.worker.reload;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointStore;
import io.sedd.protocol.checkpoint.DurableFiles;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.worker.canary.CanarySettings;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.denoising.CheckpointRack;
import io.sedd.worker.denoising.DenoisingLoop;
import io.sedd.worker.denoising.DenoisingSettings;
import io.sedd.worker.denoising.Device;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.reload.CheckpointControl.Answer;
import io.sedd.worker.scheduling.JobScheduler;
import io.sedd.worker.scheduling.MovableClock;
import io.sedd.worker.scheduling.QueueSettings;
import io.sedd.worker.scheduling.RetryPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What serves when; each look is the test's. */
class ReloadingTest {

  private static final int ROWS = 256;
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final CanarySettings OFF =
      new CanarySettings(0, Duration.ZERO, 2, 0.001, 0.05, 0.05);

  @TempDir private Path root;

  private final MovableClock clock = new MovableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final WorkerMetrics metrics = new WorkerMetrics();
  private final Results results = new Results("w");
  private final Map<String, GenerationResult> ended = new ConcurrentHashMap<>();
  private final Backend backend = new ReferenceBackend();
  private final JobScheduler scheduler =
      new JobScheduler(
          new QueueSettings(
              1 << 30, 1 << 30, Duration.ofSeconds(10), new RetryPolicy(3, Duration.ZERO)),
          ROWS,
          (_, settlement) -> settled(settlement),
          results,
          metrics,
          clock);
  private final Device device = new Device(0, 0, backend);
  private final CheckpointRack rack = new CheckpointRack(1);
  private final DenoisingLoop loop =
      new DenoisingLoop(
          device,
          new DenoisingSettings(ROWS, Duration.ZERO),
          scheduler,
          rack,
          results,
          _ -> {},
          metrics,
          clock,
          Throwable::printStackTrace);
  private final Thread thread = new Thread(loop);
  private CheckpointStore store;
  private Path folder;
  private long offset;

  @BeforeEach
  void start() throws IOException {
    folder = root.resolve("checkpoints");
    store = new FileSystemCheckpointStore(folder);
    thread.start();
    TinyCheckpoints.publish(store, "step-00000001", 1);
  }

  @AfterEach
  void stop() throws InterruptedException {
    loop.stop();
    thread.join();
    backend.close();
  }

  private void settled(Settlement settlement) {
    if (settlement instanceof Settlement.Ended(var result, _)) {
      ended.put(result.jobId(), result);
    }
  }

  private Reloading reloading(CheckpointStore from, CanarySettings canary) {
    return new Reloading(
        from,
        new ReloadSettings("here", INTERVAL, Optional.empty(), canary),
        new CheckpointLoader(List.of(device), ROWS),
        rack,
        new ReloadMetrics(metrics),
        clock);
  }

  private static Answer serves(String name, boolean changed) {
    return new Answer.Serves(name, changed);
  }

  private static void assertRefused(Answer answer, String because) {
    String why = assertInstanceOf(Answer.Refused.class, answer).why();
    assertTrue(why.contains(because), why);
  }

  private GenerationResult run(String id) {
    scheduler.accept(
        new Delivery(
            new RecordPosition(0, offset++, 1),
            Jobs.withSteps(Jobs.job(id), 4),
            9,
            1,
            clock.instant(),
            clock.instant()));
    scheduler.start(scheduler.claim());
    await().atMost(Duration.ofSeconds(30)).until(() -> ended.containsKey(id));
    return ended.get(id);
  }

  private String checkpointOf(String id) {
    return run(id).checkpoint().orElseThrow().name();
  }

  // --- pin and rollback

  @Test
  void aPinnedCheckpointServesWhateverIsPublishedUntilItIsUnpinned() throws Exception {
    Reloading reloading = reloading(store, OFF);
    reloading.look();
    TinyCheckpoints.publish(store, "step-00000002", 2);
    reloading.look();
    assertEquals(serves("step-00000001", true), reloading.pin("step-00000001"));
    assertEquals(serves("step-00000001", false), reloading.pin("step-00000001"));
    TinyCheckpoints.publish(store, "step-00000003", 3);
    reloading.look();
    assertEquals("step-00000001", checkpointOf("pinned"));
    assertEquals(Optional.of("step-00000001"), reloading.status().pinned());
    assertEquals(1, metrics.value(Metric.CHECKPOINT_PINNED));
    assertRefused(reloading.reload(), "pinned");
    assertEquals(serves("step-00000003", true), reloading.unpin());
    assertEquals(serves("step-00000003", false), reloading.unpin());
    assertEquals("step-00000003", checkpointOf("unpinned"));
    assertEquals(0, metrics.value(Metric.CHECKPOINT_PINNED));
  }

  @Test
  void aPinThatCannotBeServedChangesNothing() throws Exception {
    Reloading reloading = reloading(store, OFF);
    reloading.look();
    assertRefused(reloading.pin("step-00000009"), "has no checkpoint 'step-00000009'");
    assertRefused(reloading.pin("../else"), "no name of a checkpoint");
    assertEquals(Optional.empty(), reloading.status().pinned());
    TinyCheckpoints.publish(store, "step-00000002", 2);
    reloading.look();
    assertEquals("step-00000002", checkpointOf("job"));
  }

  @Test
  void afterARollbackTheSameLatestIsNotFollowedButANewerOneIs() throws Exception {
    Reloading reloading = reloading(store, OFF);
    reloading.look();
    assertRefused(reloading.rollback(), "no other checkpoint");
    TinyCheckpoints.publish(store, "step-00000002", 2);
    reloading.look();
    assertEquals(serves("step-00000001", true), reloading.rollback());
    reloading.look();
    assertEquals("step-00000001", checkpointOf("back"));
    assertEquals(serves("step-00000001", false), reloading.rollback());
    assertRefused(reloading.reload(), "rolled back from");
    assertEquals(Optional.of("step-00000002"), reloading.status().left());
    TinyCheckpoints.publish(store, "step-00000003", 3);
    reloading.look();
    assertEquals("step-00000003", checkpointOf("newer"));
    assertEquals(Optional.empty(), reloading.status().left());
  }

  @Test
  void unpinningAfterARollbackFollowsLatestAgain() throws Exception {
    Reloading reloading = reloading(store, OFF);
    reloading.look();
    TinyCheckpoints.publish(store, "step-00000002", 2);
    reloading.look();
    assertEquals(serves("step-00000001", true), reloading.rollback());
    assertEquals(serves("step-00000002", true), reloading.unpin());
  }

  // --- what goes wrong

  @Test
  void aFolderThatVanishesLeavesTheOldCheckpointServing() throws Exception {
    Reloading reloading = reloading(store, OFF);
    reloading.look();
    DurableFiles.deleteTree(folder);
    reloading.look();
    assertEquals(Outcome.COMPLETED, run("without").outcome());
    assertTrue(reloading.status().refused().orElseThrow().contains("no checkpoint is named"));
    TinyCheckpoints.publish(store, "step-00000002", 2);
    DurableFiles.deleteTree(folder.resolve("step-00000002"));
    reloading.look();
    assertEquals("step-00000001", checkpointOf("dangling"));
    assertTrue(reloading.status().refused().orElseThrow().contains("cannot be told"));
    TinyCheckpoints.publish(store, "step-00000003", 3);
    reloading.look();
    assertEquals("step-00000003", checkpointOf("again"));
    assertEquals(Optional.empty(), reloading.status().refused());
  }

  @Test
  void whatCannotBeReadIsTriedAgainAfterPausesThatGrow() throws Exception {
    FailingStore failing = new FailingStore(store);
    Reloading reloading = reloading(failing, OFF);
    reloading.look();
    TinyCheckpoints.publish(store, "step-00000002", 2);
    failing.failures = 3;
    reloading.look();
    assertEquals(2, failing.opened);
    reloading.look();
    assertEquals(2, failing.opened, "not before its time");
    clock.advance(INTERVAL);
    reloading.look();
    assertEquals(3, failing.opened);
    clock.advance(INTERVAL);
    reloading.look();
    assertEquals(3, failing.opened, "the second pause is longer");
    assertTrue(reloading.status().refused().orElseThrow().contains("No space left"));
    assertEquals("step-00000001", checkpointOf("meanwhile"));
    assertRefused(reloading.reload(), "No space left");
    assertEquals(4, failing.opened, "an operator need not wait");
    clock.advance(INTERVAL);
    reloading.look();
    assertEquals("step-00000002", checkpointOf("at last"));
    assertEquals(Optional.empty(), reloading.status().refused());
    assertEquals(1, metrics.value(Metric.RELOADS, "deferred"));
  }

  /** A disk that is full for some attempts. */
  private static final class FailingStore extends ForwardingStore {
    private int failures;
    private int opened;

    FailingStore(CheckpointStore store) {
      super(store);
    }

    @Override
    public Checkpoint open(String name) throws IOException {
      opened++;
      if (failures > 0) {
        failures--;
        throw new IOException("/cache: No space left on device");
      }
      return super.open(name);
    }
  }

  // --- trials

  private static final CanarySettings HALF =
      new CanarySettings(0.5, Duration.ofMinutes(1), 50, 0.001, 0.05, 0.05);

  private void runJobs(String prefix, int count) {
    for (int i = 0; i < count; i++) {
      run(prefix + i);
    }
  }

  @Test
  void aCandidateGetsItsShareAndIsPromotedWhenItWritesLikeTheServingOne() throws Exception {
    Reloading reloading = reloading(store, HALF);
    reloading.look();
    assertTrue(reloading.status().candidate().isEmpty(), "the first has nothing beside it");
    TinyCheckpoints.publish(store, "step-00000002", 1);
    reloading.look();
    runJobs("job", 160);
    reloading.look();
    assertEquals("step-00000002", reloading.status().candidate().orElseThrow().name());
    assertEquals(Optional.of("step-00000001"), reloading.status().serving());
    long onCandidate =
        ended.values().stream()
            .filter(r -> r.checkpoint().orElseThrow().name().equals("step-00000002"))
            .count();
    assertEquals(onCandidate, reloading.status().candidate().get().jobs());
    assertEquals(160 - onCandidate, reloading.status().candidate().get().beside());
    clock.advance(Duration.ofMinutes(1));
    reloading.look();
    assertEquals(Optional.of("step-00000002"), reloading.status().serving());
    assertEquals(Optional.of("step-00000001"), reloading.status().previous());
    assertEquals(1, metrics.value(Metric.CANARY_TRIALS, "promoted"));
  }

  @Test
  void aCandidateOfOneWordIsRefusedAndNotTriedAgainBeforeANewerOneComes() throws Exception {
    Reloading reloading = reloading(store, HALF);
    reloading.look();
    TinyCheckpoints.publishMonotonous(store, "step-00000002");
    reloading.look();
    runJobs("job", 160);
    reloading.look();
    assertTrue(reloading.status().candidate().isEmpty());
    String why = reloading.status().refused().orElseThrow();
    assertTrue(why.contains("step-00000002 is refused after its trial"), why);
    assertEquals(1, metrics.value(Metric.CANARY_TRIALS, "refused"));
    reloading.reload();
    reloading.look();
    assertTrue(reloading.status().candidate().isEmpty());
    ended.clear();
    runJobs("job", 20);
    assertTrue(
        ended.values().stream()
            .allMatch(r -> r.checkpoint().orElseThrow().name().equals("step-00000001")));
    TinyCheckpoints.publish(store, "step-00000003", 3);
    reloading.look();
    assertEquals("step-00000003", reloading.status().candidate().orElseThrow().name());
  }

  @Test
  void aNewerCheckpointWaitsForTheTrialAndAnOperatorNeedNot() throws Exception {
    Reloading reloading = reloading(store, HALF);
    reloading.look();
    TinyCheckpoints.publish(store, "step-00000002", 2);
    reloading.look();
    TinyCheckpoints.publish(store, "step-00000003", 3);
    reloading.look();
    assertEquals("step-00000002", reloading.status().candidate().orElseThrow().name());
    assertEquals(serves("step-00000001", true), reloading.rollback());
    assertTrue(reloading.status().candidate().isEmpty());
    reloading.look();
    assertEquals("step-00000003", reloading.status().candidate().orElseThrow().name());
    assertEquals(serves("step-00000002", true), reloading.pin("step-00000002"));
    assertTrue(reloading.status().candidate().isEmpty());
    assertEquals(2, metrics.value(Metric.CANARY_TRIALS, "overruled"));
  }

  @Test
  void aTrialThatIsOverdueForWantOfJobsGivesWayToANewerCheckpoint() throws Exception {
    Reloading reloading = reloading(store, HALF);
    reloading.look();
    TinyCheckpoints.publish(store, "step-00000002", 2);
    reloading.look();
    clock.advance(Duration.ofMinutes(2));
    reloading.look();
    assertEquals("step-00000002", reloading.status().candidate().orElseThrow().name());
    TinyCheckpoints.publish(store, "step-00000003", 3);
    reloading.look();
    assertEquals("step-00000003", reloading.status().candidate().orElseThrow().name());
    assertEquals(1, metrics.value(Metric.CANARY_TRIALS, "superseded"));
  }
}
