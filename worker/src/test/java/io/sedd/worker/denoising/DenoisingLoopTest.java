package io.sedd.worker.denoising;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.JobDefaults;
import io.sedd.protocol.job.JobProgress;
import io.sedd.protocol.job.Segment;
import io.sedd.worker.checkpoints.FlatScores;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.scheduling.JobScheduler;
import io.sedd.worker.scheduling.MovableClock;
import io.sedd.worker.scheduling.QueueSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop on a network of no work; a step waits until the test allows it. */
class DenoisingLoopTest {

  private static final int ROWS = 64;
  private static final int MANY = 1 << 20;
  private static final int DEADLY_TOKEN = 64;

  private final MovableClock clock = new MovableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final WorkerMetrics metrics = new WorkerMetrics();
  private final Results results = new Results("w");
  private final Map<String, GenerationResult> ended = new ConcurrentHashMap<>();
  private final List<JobProgress> reports = new CopyOnWriteArrayList<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Semaphore allowed = new Semaphore(0);
  private final Backend backend = new ReferenceBackend();
  private final JobScheduler scheduler =
      new JobScheduler(
          new QueueSettings(1 << 30, Duration.ofSeconds(10)),
          ROWS,
          (_, settlement) -> settled(settlement),
          results,
          metrics,
          clock);
  private final DenoisingLoop loop =
      new DenoisingLoop(
          backend,
          ROWS,
          scheduler,
          results,
          report -> reports.add(report.get()),
          metrics,
          clock,
          failure::set);
  private final Thread thread = new Thread(loop);
  private long offset;

  private void settled(Settlement settlement) {
    switch (settlement) {
      case Settlement.Ended(var result, _) -> ended.put(result.jobId(), result);
      case Settlement.Refused(_, var result) ->
          result.ifPresent(failed -> ended.put(failed.jobId(), failed));
    }
  }

  /** Called for every evaluation. */
  private void before(NetworkInput input) {
    allowed.acquireUninterruptibly();
    if (Arrays.stream(input.tokens()).anyMatch(token -> token == DEADLY_TOKEN)) {
      throw new IllegalStateException("a deadly token");
    }
  }

  @BeforeEach
  void start() {
    thread.start();
    loop.serve(new FlatScores(backend, this::before).served("first", () -> {})).join();
  }

  @AfterEach
  void stop() throws InterruptedException {
    loop.stop();
    allowed.release(MANY);
    thread.join();
    backend.close();
  }

  @Test
  void aJobHasAsManyTextsAsItWantsAndSaysHowTheyCameAbout() {
    allowed.release(MANY);
    take(Jobs.withSteps(Jobs.withSamples(Jobs.job("job"), 3), 5));
    GenerationResult result = awaitEnd("job");
    assertEquals(Outcome.COMPLETED, result.outcome());
    assertEquals(List.of(0, 1, 2), result.samples().stream().map(s -> s.index()).toList());
    assertEquals("first", result.checkpoint().orElseThrow().name());
    assertEquals("w", result.worker());
    assertTrue(result.steps() <= 5 && result.networkEvaluations() <= 18);
    result.samples().forEach(sample -> assertEquals(8, sample.tokens().size()));
    assertEquals(24, metrics.value(Metric.TOKENS_GENERATED));
  }

  @Test
  void aJobThatComesLaterJoinsBetweenSteps() {
    take(Jobs.withSteps(Jobs.job("long"), 4096));
    allowed.release(3);
    take(Jobs.withSteps(Jobs.job("short"), 2));
    allowed.release(5);
    awaitEnd("short");
    assertFalse(ended.containsKey("long"));
  }

  @Test
  void scoresThatAreNotFiniteFailTheirJobAlone() {
    take(withText("spoiled", "!"));
    take(Jobs.job("sound"));
    allowed.release(MANY);
    assertEquals(Outcome.FAILED, awaitEnd("spoiled").outcome());
    assertEquals(Outcome.COMPLETED, awaitEnd("sound").outcome());
    assertEquals(1, metrics.value(Metric.NONFINITE_SCORES));
  }

  @Test
  void theJobsOfAFailedStepAreDoneAgainAloneAndOnlyTheGuiltyOneFails() {
    take(Jobs.job("before"));
    take(withText("deadly", "@"));
    take(Jobs.job("after"));
    allowed.release(MANY);
    releaseWhatIsClaimed();
    assertEquals(Outcome.COMPLETED, awaitEnd("before").outcome());
    assertEquals(Outcome.COMPLETED, awaitEnd("after").outcome());
    GenerationResult failed = awaitEnd("deadly");
    assertEquals(Outcome.FAILED, failed.outcome());
    assertTrue(failed.error().orElseThrow().message().contains("a deadly token"));
    assertTrue(metrics.value(Metric.STEP_FAILURES) >= 1);
    assertTrue(scheduler.idle());
  }

  @Test
  void aDeviceThatFailsEveryStepEndsTheLoopAndLeavesTheJobsUnsettled() {
    for (int i = 0; i < 12; i++) {
      take(withText("deadly-" + i, "@"));
    }
    allowed.release(MANY);
    waiting()
        .until(
            () -> {
              startClaimed();
              return failure.get() != null;
            });
    assertTrue(ended.size() < 5, () -> ended.size() + " jobs were settled");
  }

  @Test
  void aRunningJobPastItsDeadlineEndsWithWhatIsThere() {
    take(Jobs.withDeadline(Jobs.withSteps(Jobs.job("late"), 4096), clock.instant().plusSeconds(9)));
    allowed.release(4);
    waiting().until(() -> allowed.availablePermits() == 0);
    clock.advance(Duration.ofSeconds(9));
    allowed.release(2);
    GenerationResult result = awaitEnd("late");
    assertEquals(Outcome.EXPIRED, result.outcome());
    assertTrue(result.samples().getFirst().text().contains("_"));
  }

  @Test
  void aCancelledJobEndsWithinOneStep() {
    take(Jobs.withSteps(Jobs.job("unwanted"), 4096));
    allowed.release(4);
    waiting().until(() -> allowed.availablePermits() == 0);
    scheduler.cancel("unwanted", clock.instant());
    allowed.release(1);
    GenerationResult result = awaitEnd("unwanted");
    assertEquals(Outcome.CANCELLED, result.outcome());
    assertTrue(result.steps() <= 5);
    assertEquals(1, result.samples().size());
  }

  @Test
  void aRunningJobEndsOnTheCheckpointThatItBeganWithWhichIsFreedThen() {
    List<String> freed = new CopyOnWriteArrayList<>();
    FlatScores scores = new FlatScores(backend, this::before);
    loop.serve(scores.served("old", () -> freed.add("old"))).join();
    take(Jobs.withSteps(Jobs.job("running"), 4096));
    allowed.release(2);
    waiting().until(() -> allowed.availablePermits() == 0);
    var swapped = loop.serve(new FlatScores(backend, this::before).served("new", () -> {}));
    allowed.release(1);
    swapped.join();
    take(Jobs.job("next"));
    assertEquals(List.of(), freed);
    allowed.release(MANY);
    assertEquals("old", awaitEnd("running").checkpoint().orElseThrow().name());
    assertEquals("new", awaitEnd("next").checkpoint().orElseThrow().name());
    waiting().until(() -> freed.equals(List.of("old")));
  }

  @Test
  void progressIsReportedAsOftenAsTheJobWants() {
    allowed.release(MANY);
    take(Jobs.withProgress(Jobs.withSteps(withText("job", "abc"), 9), 2));
    awaitEnd("job");
    assertFalse(reports.isEmpty());
    reports.forEach(
        report -> {
          assertEquals(0, report.step() % 2);
          assertEquals(9, report.steps());
          assertTrue(report.text().startsWith("abc"));
          assertTrue(report.masked() > 0);
        });
  }

  private static GenerationJob withText(String id, String text) {
    return JobDefaults.job(id, List.of(new Segment.Text(text), new Segment.Blank(8)));
  }

  private void take(GenerationJob job) {
    scheduler.accept(
        new Delivery(
            new RecordPosition(0, offset++, 1), job, 9, 1, clock.instant(), clock.instant()));
    startClaimed();
  }

  private void startClaimed() {
    scheduler.start(scheduler.claim());
  }

  /** Retried jobs have to be claimed, as the intake's thread would. */
  private void releaseWhatIsClaimed() {
    waiting()
        .until(
            () -> {
              startClaimed();
              return ended.size() == 3;
            });
  }

  private GenerationResult awaitEnd(String id) {
    waiting().until(() -> ended.containsKey(id));
    return ended.get(id);
  }

  private static ConditionFactory waiting() {
    return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(5));
  }
}
