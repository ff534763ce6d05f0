package io.sedd.worker.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.JobKind;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobSchedulerTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration AGEING = Duration.ofSeconds(10);
  private static final int BATCH_ROWS = 16;

  private final MovableClock clock = new MovableClock(START);
  private final WorkerMetrics metrics = new WorkerMetrics();
  private final Results results = new Results("w");
  private final Map<String, Outcome> ended = new LinkedHashMap<>();
  private final JobScheduler scheduler =
      new JobScheduler(
          new QueueSettings(8 * 64 * 10, AGEING),
          BATCH_ROWS,
          this::settle,
          results,
          metrics,
          clock);
  private long offset;

  private void settle(RecordPosition position, Settlement settlement) {
    if (settlement instanceof Settlement.Ended(var result, _)) {
      ended.put(result.jobId(), result.outcome());
    }
  }

  @Test
  void theFirstPriorityIsStartedFirst() {
    accept(priority("late", 9), priority("first", 1), priority("middle", 5));
    assertEquals(List.of("first", "middle", "late"), startAll());
  }

  @Test
  void withinAPriorityTheNearestDeadlineIsFirstAndThenTheEarliestArrival() {
    accept(
        Jobs.job("whenever"),
        Jobs.job("whenever too"),
        Jobs.withDeadline(Jobs.job("later"), START.plusSeconds(500)),
        Jobs.withDeadline(Jobs.job("soon"), START.plusSeconds(100)));
    assertEquals(List.of("soon", "later", "whenever", "whenever too"), startAll());
  }

  @Test
  void aJobThatWaitsLongEnoughOvertakesTheFirstPriority() {
    accept(priority("old", 9));
    clock.advance(AGEING.multipliedBy(9));
    accept(
        Jobs.withDeadline(priority("urgent", 1), clock.instant().plusSeconds(1000)),
        priority("urgent too", 1));
    assertEquals(List.of("old", "urgent", "urgent too"), startAll());
  }

  @Test
  void aJobThatHasNotWaitedLongEnoughDoesNot() {
    accept(priority("old", 9));
    clock.advance(AGEING.multipliedBy(7));
    accept(priority("urgent", 1));
    assertEquals(List.of("urgent", "old"), startAll());
  }

  @Test
  void noMoreIsStartedAheadThanABatchAndAQuarter() {
    for (int i = 0; i < 5; i++) {
      accept(Jobs.job("job-" + i));
    }
    // 16 rows and a quarter: the third job of 8 rows is the first to reach 20
    List<Delivery> claimed = scheduler.claim();
    assertEquals(3, claimed.size());
    scheduler.start(claimed);
    assertEquals(List.of(), scheduler.claim());
    finish(scheduler.poll().orElseThrow());
    assertEquals(1, scheduler.claim().size());
  }

  @Test
  void aClaimedJobIsNotReadyBeforeItsStartIsNoted() {
    accept(Jobs.job("job"));
    List<Delivery> claimed = scheduler.claim();
    assertTrue(scheduler.poll().isEmpty());
    scheduler.start(claimed);
    assertEquals("job", idOf(scheduler.poll().orElseThrow()));
  }

  @Test
  void aFullQueueOpensAtThreeQuarters() {
    for (int i = 0; i < 10; i++) {
      assertFalse(scheduler.full());
      accept(Jobs.job("job-" + i));
    }
    assertTrue(scheduler.full());
    clock.advance(Duration.ofMillis(1));
    scheduler.cancel("job-0", clock.instant());
    scheduler.cancel("job-1", clock.instant());
    assertTrue(scheduler.full());
    scheduler.cancel("job-2", clock.instant());
    assertFalse(scheduler.full());
  }

  @Test
  void aJobWhoseDeadlinePassedIsExpiredNotComputed() {
    accept(Jobs.withDeadline(Jobs.job("late"), START.plusSeconds(5)), Jobs.job("other"));
    clock.advance(Duration.ofSeconds(5));
    assertEquals(List.of("other"), startAll());
    assertEquals(Map.of("late", Outcome.EXPIRED), ended);
    assertEquals(1, metrics.value(Metric.JOB_DEADLINE_EXCEEDED));
  }

  @Test
  void aWaitingJobIsCancelledAtOnce() {
    accept(Jobs.job("unwanted"), Jobs.job("other"));
    scheduler.cancel("unwanted", START);
    assertEquals(Map.of("unwanted", Outcome.CANCELLED), ended);
    assertEquals(List.of("other"), startAll());
  }

  @Test
  void aRunningJobIsToldThatItIsCancelled() {
    accept(Jobs.job("unwanted"));
    scheduler.start(scheduler.claim());
    ScheduledJob running = scheduler.poll().orElseThrow();
    scheduler.cancel("unwanted", START);
    assertEquals(ScheduledJob.Withdrawal.CANCELLED, running.withdrawal());
  }

  @Test
  void aCancellationThatComesBeforeItsJobIsRememberedButNotForLaterJobsOfTheSameId() {
    scheduler.cancel("job", START);
    accept(Jobs.job("job"));
    assertEquals(Map.of("job", Outcome.CANCELLED), ended);
    clock.advance(Duration.ofSeconds(1));
    accept(Jobs.job("job"));
    assertEquals(List.of("job"), startAll());
  }

  @Test
  void aSuspectStartsWhenNothingRunsAndNothingStartsBesideIt() {
    accept(Jobs.job("running"));
    scheduler.start(scheduler.claim());
    ScheduledJob running = scheduler.poll().orElseThrow();
    acceptAttempt(Jobs.job("suspect"), 3);
    accept(Jobs.job("other"));
    assertEquals(List.of(), scheduler.claim());
    finish(running);
    assertEquals(List.of("suspect"), ids(scheduler.claim()));
    assertEquals(List.of(), scheduler.claim());
  }

  @Test
  void aJobThatIsRetriedRunsAloneAsItsNextAttempt() {
    accept(Jobs.job("a"), Jobs.job("b"));
    scheduler.start(scheduler.claim());
    ScheduledJob a = scheduler.poll().orElseThrow();
    ScheduledJob b = scheduler.poll().orElseThrow();
    scheduler.retryAlone(a);
    scheduler.retryAlone(b);
    List<Delivery> claimed = scheduler.claim();
    assertEquals(List.of("a"), ids(claimed));
    assertEquals(2, claimed.getFirst().attempt());
    scheduler.start(claimed);
    assertEquals(List.of(), scheduler.claim());
    finish(scheduler.poll().orElseThrow());
    assertEquals(List.of("b"), ids(scheduler.claim()));
  }

  @Test
  void whatIsAbandonedIsForgottenAndHasNoResult() {
    accept(Jobs.job("running"), Jobs.job("ready"), Jobs.job("third"), Jobs.job("waiting"));
    scheduler.start(scheduler.claim());
    ScheduledJob running = scheduler.poll().orElseThrow();
    scheduler.abandon(_ -> true);
    assertEquals(ScheduledJob.Withdrawal.ABANDONED, running.withdrawal());
    assertTrue(scheduler.poll().isEmpty());
    finish(running);
    assertEquals(Map.of(), ended);
    assertTrue(scheduler.idle());
  }

  private static GenerationJob priority(String id, int priority) {
    return Jobs.withPriority(Jobs.job(id), priority);
  }

  private void accept(GenerationJob... jobs) {
    for (GenerationJob job : jobs) {
      acceptAttempt(job, 1);
    }
  }

  private void acceptAttempt(GenerationJob job, int attempt) {
    scheduler.accept(
        new Delivery(
            new RecordPosition(0, offset++, 1), job, 8, attempt, clock.instant(), clock.instant()));
  }

  /** Runs everything that waits, one batch after the other; gives the order. */
  private List<String> startAll() {
    List<String> order = new ArrayList<>();
    for (List<Delivery> claimed = scheduler.claim();
        !claimed.isEmpty();
        claimed = scheduler.claim()) {
      scheduler.start(claimed);
      for (int i = 0; i < claimed.size(); i++) {
        ScheduledJob job = scheduler.poll().orElseThrow();
        order.add(idOf(job));
        finish(job);
        ended.remove(idOf(job));
      }
    }
    return order;
  }

  private void finish(ScheduledJob job) {
    GenerationJob work = job.delivery().job();
    scheduler.finish(
        job,
        new Settlement.Ended(results.neverStarted(work, Outcome.COMPLETED, 0), JobKind.of(work)));
  }

  private static String idOf(ScheduledJob job) {
    return job.delivery().job().id();
  }

  private static List<String> ids(List<Delivery> deliveries) {
    return deliveries.stream().map(delivery -> delivery.job().id()).toList();
  }
}
