package io.sedd.worker.denoising;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.JobProgress;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.metrics.Metric;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop on a network of no work; a step waits until the test allows it. */
class DenoisingLoopTest {

  private static final int MANY = 1 << 20;

  private final Semaphore allowed = new Semaphore(0);
  private final LoopUnderTest worker = new LoopUnderTest(_ -> allowed.acquireUninterruptibly());

  @AfterEach
  void stop() {
    worker.loop.stop();
    allowed.release(MANY);
    worker.close();
  }

  @Test
  void aJobHasAsManyTextsAsItWantsAndSaysHowTheyCameAbout() {
    allowed.release(MANY);
    worker.take(Jobs.withSteps(Jobs.withSamples(Jobs.job("job"), 3), 5));
    GenerationResult result = worker.awaitEnd("job");
    assertEquals(Outcome.COMPLETED, result.outcome());
    assertEquals(List.of(0, 1, 2), result.samples().stream().map(s -> s.index()).toList());
    assertEquals("first", result.checkpoint().orElseThrow().name());
    assertEquals("w", result.worker());
    assertTrue(result.steps() <= 5 && result.networkEvaluations() <= 18);
    result.samples().forEach(sample -> assertEquals(8, sample.tokens().size()));
    assertEquals(24, worker.metrics.value(Metric.TOKENS_GENERATED));
  }

  @Test
  void aJobThatComesLaterJoinsBetweenSteps() {
    worker.take(Jobs.withSteps(Jobs.job("long"), 4096));
    allowed.release(3);
    worker.take(Jobs.withSteps(Jobs.job("short"), 2));
    allowed.release(5);
    worker.awaitEnd("short");
    assertFalse(worker.ended.containsKey("long"));
  }

  @Test
  void scoresThatAreNotFiniteFailTheirJobAlone() {
    worker.take(LoopUnderTest.withText("spoiled", "!!"));
    worker.take(Jobs.job("sound"));
    allowed.release(MANY);
    assertEquals(Outcome.FAILED, worker.awaitEnd("spoiled").outcome());
    assertEquals(Outcome.COMPLETED, worker.awaitEnd("sound").outcome());
    assertEquals(1, worker.metrics.value(Metric.NONFINITE_SCORES));
  }

  @Test
  void aRunningJobPastItsDeadlineEndsWithWhatIsThere() {
    worker.take(
        Jobs.withDeadline(
            Jobs.withSteps(Jobs.job("late"), 4096), worker.clock.instant().plusSeconds(9)));
    allowed.release(4);
    LoopUnderTest.waiting().until(() -> allowed.availablePermits() == 0);
    worker.clock.advance(Duration.ofSeconds(9));
    allowed.release(2);
    GenerationResult result = worker.awaitEnd("late");
    assertEquals(Outcome.EXPIRED, result.outcome());
    var sample = result.samples().getFirst();
    assertFalse(sample.unfilled().isEmpty());
    sample.unfilled().forEach(p -> assertEquals(257, sample.tokens().get(p)));
    assertEquals(sample.unfilled().size(), sample.text().chars().filter(c -> c == '_').count());
  }

  @Test
  void aCancelledJobEndsWithinOneStep() {
    worker.take(Jobs.withSteps(Jobs.job("unwanted"), 4096));
    allowed.release(4);
    LoopUnderTest.waiting().until(() -> allowed.availablePermits() == 0);
    worker.scheduler.cancel("unwanted", worker.clock.instant());
    allowed.release(1);
    GenerationResult result = worker.awaitEnd("unwanted");
    assertEquals(Outcome.CANCELLED, result.outcome());
    assertTrue(result.steps() <= 5);
    assertEquals(1, result.samples().size());
  }

  @Test
  void aRunningJobEndsOnTheCheckpointThatItBeganWithWhichIsFreedThen() {
    List<String> freed = new CopyOnWriteArrayList<>();
    worker.rack.serve(worker.checkpoint("old", () -> freed.add("old")));
    worker.take(Jobs.withSteps(Jobs.job("running"), 4096));
    allowed.release(2);
    LoopUnderTest.waiting().until(() -> allowed.availablePermits() == 0);
    worker.rack.serve(worker.checkpoint("new", () -> {}));
    allowed.release(1);
    worker.take(Jobs.job("next"));
    assertEquals(List.of(), freed);
    allowed.release(MANY);
    assertEquals("old", worker.awaitEnd("running").checkpoint().orElseThrow().name());
    assertEquals("new", worker.awaitEnd("next").checkpoint().orElseThrow().name());
    LoopUnderTest.waiting().until(() -> freed.equals(List.of("old")));
  }

  @Test
  void progressIsReportedEverySoManySteps() {
    worker.take(Jobs.withProgress(Jobs.withSteps(LoopUnderTest.withText("job", "abc"), 4096), 2));
    for (int steps = 1; steps <= 8; steps++) {
      allowed.release(1);
      LoopUnderTest.waiting().until(() -> allowed.availablePermits() == 0);
      worker.clock.advance(LoopUnderTest.PROGRESS_INTERVAL);
    }
    allowed.release(1);
    LoopUnderTest.waiting().until(() -> worker.reports.size() == 4);
    for (int i = 0; i < 4; i++) {
      JobProgress report = worker.reports.get(i);
      assertEquals(2 * (i + 1), report.step());
      assertEquals(4096, report.steps());
      assertTrue(report.text().startsWith("abc"));
      assertTrue(report.masked() > 0);
    }
    assertEquals(0, worker.metrics.value(Metric.PROGRESS_DROPPED));
  }

  @Test
  void progressThatComesBeforeTheIntervalHasPassedIsLeftOutAndCounted() {
    worker.take(Jobs.withProgress(Jobs.withSteps(LoopUnderTest.withText("job", "abc"), 4096), 1));
    allowed.release(11);
    LoopUnderTest.waiting().until(() -> worker.metrics.value(Metric.PROGRESS_DROPPED) == 10);
    assertEquals(1, worker.reports.size());
    assertEquals(1, worker.reports.getFirst().step());
    worker.clock.advance(LoopUnderTest.PROGRESS_INTERVAL);
    allowed.release(1);
    LoopUnderTest.waiting().until(() -> worker.reports.size() == 2);
    assertEquals(12, worker.reports.getLast().step());
  }

  @Test
  void aStepThatDoesNotReturnIsToldByTheWatchdog() {
    AtomicReference<Throwable> told = new AtomicReference<>();
    try (StepWatchdog _ =
        new StepWatchdog(worker.loop, Duration.ofMinutes(1), worker.clock, told::set)) {
      worker.take(Jobs.job("hangs"));
      LoopUnderTest.waiting().until(allowed::hasQueuedThreads);
      worker.clock.advance(Duration.ofMinutes(2));
      LoopUnderTest.waiting().until(() -> told.get() instanceof HungStepException);
      assertTrue(told.get().getMessage().contains("120 s"), told.get().getMessage());
    }
  }

  @Test
  void aCandidateGetsItsShareOfTheJobs() {
    allowed.release(MANY);
    CandidateShare half = new CandidateShare(0.5);
    worker.rack.tryOut(worker.checkpoint("candidate", () -> {}), half);
    Set<String> seen = ConcurrentHashMap.newKeySet();
    worker.rack.observe((checkpoint, result) -> seen.add(result.jobId()));
    for (GenerationJob job : Jobs.jobs("job", 20)) {
      worker.take(job);
    }
    for (GenerationJob job : Jobs.jobs("job", 20)) {
      String expected = half.takes(job.id()) ? "candidate" : "first";
      assertEquals(expected, worker.awaitEnd(job.id()).checkpoint().orElseThrow().name());
      assertTrue(seen.contains(job.id()));
    }
  }
}
