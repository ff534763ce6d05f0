package io.sedd.worker.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.JobError;
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
  private static final int MAX_ATTEMPTS = 4;
  private static final Duration BACKOFF = Duration.ofSeconds(1);

  private final MovableClock clock = new MovableClock(START);
  private final WorkerMetrics metrics = new WorkerMetrics();
  private final Results results = new Results("w");
  private final Map<String, Outcome> ended = new LinkedHashMap<>();
  private final Map<String, JobError.Code> refused = new LinkedHashMap<>();
  private final JobScheduler scheduler =
      new JobScheduler(
          new QueueSettings(8 * 64 * 10, 1 << 20, AGEING, new RetryPolicy(MAX_ATTEMPTS, BACKOFF)),
          BATCH_ROWS,
          this::settle,
          results,
          metrics,
          clock);
  private final DeviceFeed feed = scheduler.feed();
  private long offset;

  private void settle(RecordPosition position, Settlement settlement) {
    switch (settlement) {
      case Settlement.Ended(var result, _) -> ended.put(result.jobId(), result.outcome());
      case Settlement.Refused(var error, var result) ->
          refused.put(result.orElseThrow().jobId(), error.code());
      case Settlement.SentAgain _ -> throw new AssertionError("only an intake sends again");
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
    finish(feed.poll().orElseThrow());
    assertEquals(1, scheduler.claim().size());
  }

  @Test
  void whilePausedNothingIsStartedOrFetchedButWhatExpiresEnds() {
    accept(Jobs.job("waits"), Jobs.withDeadline(Jobs.job("expires"), START.plusSeconds(5)));
    assertTrue(scheduler.pause());
    assertFalse(scheduler.pause(), "it was paused before");
    assertTrue(scheduler.full());
    clock.advance(Duration.ofSeconds(5));
    assertEquals(List.of(), scheduler.claim());
    assertEquals(Map.of("expires", Outcome.EXPIRED), ended);
    assertTrue(scheduler.resume());
    assertFalse(scheduler.resume(), "it was resumed before");
    assertFalse(scheduler.full());
    assertEquals(List.of("waits"), startAll());
  }

  @Test
  void aClaimedJobIsNotReadyBeforeItsStartIsNoted() {
    accept(Jobs.job("job"));
    List<Delivery> claimed = scheduler.claim();
    assertTrue(feed.poll().isEmpty());
    scheduler.start(claimed);
    assertEquals("job", idOf(feed.poll().orElseThrow()));
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
    ScheduledJob running = feed.poll().orElseThrow();
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
    ScheduledJob running = feed.poll().orElseThrow();
    acceptAttempt(Jobs.job("suspect"), 3);
    accept(Jobs.job("other"));
    assertEquals(List.of(), scheduler.claim());
    finish(running);
    assertEquals(List.of("suspect"), ids(scheduler.claim()));
    assertEquals(List.of(), scheduler.claim());
  }

  @Test
  void aJobThatFailedIsStartedAgainAfterABackoffThatDoubles() {
    accept(Jobs.job("a"), Jobs.job("b"));
    scheduler.start(scheduler.claim());
    fail(feed.poll().orElseThrow());
    ScheduledJob other = feed.poll().orElseThrow();
    assertEquals(List.of(), scheduler.claim());
    clock.advance(BACKOFF);
    List<Delivery> second = scheduler.claim();
    assertEquals(List.of("a"), ids(second));
    assertEquals(2, second.getFirst().attempt());
    scheduler.start(second);
    ScheduledJob again = feed.poll().orElseThrow();
    assertFalse(again.alone());
    fail(again);
    clock.advance(BACKOFF);
    assertEquals(List.of(), scheduler.claim());
    clock.advance(BACKOFF);
    assertEquals(3, scheduler.claim().getFirst().attempt());
    finish(other);
    assertEquals(2, metrics.value(Metric.RETRIES, "step_failed"));
  }

  @Test
  void aJobThatFailedItsLastAttemptIsADeadLetterWithTheReason() {
    acceptAttempt(Jobs.job("a"), MAX_ATTEMPTS);
    scheduler.start(scheduler.claim());
    fail(feed.poll().orElseThrow());
    assertEquals(Map.of("a", JobError.Code.DEVICE), refused);
    assertTrue(scheduler.idle());
  }

  @Test
  void aJobThatFailedForGoodHasAFailedResultAndNoDeadLetter() {
    accept(Jobs.job("a"));
    scheduler.start(scheduler.claim());
    ScheduledJob job = feed.poll().orElseThrow();
    var failure = JobFailure.Permanent.notFinite("NaN");
    scheduler.fail(job, failure, results.failed(job.delivery().job(), failure.error(), 0));
    assertEquals(Map.of("a", Outcome.FAILED), ended);
    assertEquals(Map.of(), refused);
  }

  @Test
  void aJobThatWaitsForItsNextStartIsCancelledAndExpiredLikeAnyOther() {
    accept(Jobs.job("unwanted"), Jobs.withDeadline(Jobs.job("late"), START.plusMillis(500)));
    scheduler.start(scheduler.claim());
    fail(feed.poll().orElseThrow());
    fail(feed.poll().orElseThrow());
    scheduler.cancel("unwanted", START);
    clock.advance(Duration.ofMillis(500));
    assertEquals(List.of(), scheduler.claim());
    assertEquals(Map.of("unwanted", Outcome.CANCELLED, "late", Outcome.EXPIRED), ended);
  }

  @Test
  void aJobThatIsCancelledWhileItFailsIsNotStartedAgain() {
    accept(Jobs.job("unwanted"));
    scheduler.start(scheduler.claim());
    ScheduledJob job = feed.poll().orElseThrow();
    scheduler.cancel("unwanted", START);
    fail(job);
    assertEquals(Map.of("unwanted", Outcome.CANCELLED), ended);
    assertTrue(scheduler.idle());
  }

  @Test
  void whatIsAbandonedIsForgottenAndHasNoResult() {
    accept(Jobs.job("running"), Jobs.job("ready"), Jobs.job("third"), Jobs.job("waiting"));
    scheduler.start(scheduler.claim());
    ScheduledJob running = feed.poll().orElseThrow();
    scheduler.abandon(_ -> true);
    assertEquals(ScheduledJob.Withdrawal.ABANDONED, running.withdrawal());
    assertTrue(feed.poll().isEmpty());
    finish(running);
    assertEquals(Map.of(), ended);
    assertTrue(scheduler.idle());
  }

  @Test
  void aJobThatHasNotBegunWithinItsQueueTimeIsExpiredNotComputed() {
    accept(
        Jobs.withQueueTtl(Jobs.job("late"), Duration.ofSeconds(5)),
        Jobs.withQueueTtl(Jobs.job("patient"), Duration.ofSeconds(6)));
    clock.advance(Duration.ofSeconds(5));
    assertEquals(List.of("patient"), startAll());
    assertEquals(Map.of("late", Outcome.EXPIRED), ended);
  }

  @Test
  void theQueueTimeCountsFromTheSendingOfTheJobNotFromItsArrivalHere() {
    GenerationJob job = Jobs.withQueueTtl(Jobs.job("late"), Duration.ofSeconds(5));
    scheduler.accept(
        new Delivery(new RecordPosition(0, 0, 1), job, 8, 1, START, START.minusSeconds(5)));
    assertEquals(List.of(), scheduler.claim());
    assertEquals(Map.of("late", Outcome.EXPIRED), ended);
  }

  @Test
  void aJobThatIsReadyButNotBegunExpiresToo() {
    accept(Jobs.withQueueTtl(Jobs.job("late"), Duration.ofSeconds(5)), Jobs.job("other"));
    scheduler.start(scheduler.claim());
    clock.advance(Duration.ofSeconds(5));
    assertEquals("other", idOf(feed.poll().orElseThrow()));
    assertEquals(Map.of("late", Outcome.EXPIRED), ended);
  }

  @Test
  void aRunningJobHasNoQueueTimeAnyMore() {
    accept(Jobs.withQueueTtl(Jobs.job("running"), Duration.ofSeconds(5)));
    scheduler.start(scheduler.claim());
    ScheduledJob running = feed.poll().orElseThrow();
    clock.advance(Duration.ofSeconds(50));
    assertEquals(List.of(), scheduler.claim());
    finish(running);
    assertEquals(Map.of("running", Outcome.COMPLETED), ended);
  }

  @Test
  void aJobWhoseStartIsBeingNotedIsCancelledBeforeItRuns() {
    accept(Jobs.job("unwanted"));
    List<Delivery> claimed = scheduler.claim();
    scheduler.cancel("unwanted", START);
    assertEquals(Map.of(), ended);
    scheduler.start(claimed);
    assertTrue(feed.poll().isEmpty());
    assertEquals(Map.of("unwanted", Outcome.CANCELLED), ended);
    assertTrue(scheduler.idle());
  }

  @Test
  void aReadyJobIsCancelledAtOnce() {
    accept(Jobs.job("unwanted"), Jobs.job("other"));
    scheduler.start(scheduler.claim());
    scheduler.cancel("unwanted", START);
    assertEquals(Map.of("unwanted", Outcome.CANCELLED), ended);
    assertEquals("other", idOf(feed.poll().orElseThrow()));
  }

  @Test
  void allJobsOfAnIdAreCancelledTogether() {
    accept(Jobs.job("twice"), Jobs.job("other"), Jobs.job("twice"));
    scheduler.start(scheduler.claim());
    ScheduledJob running = feed.poll().orElseThrow();
    scheduler.cancel("twice", START);
    assertEquals(ScheduledJob.Withdrawal.CANCELLED, running.withdrawal());
    assertEquals(running, feed.nextWithdrawn().orElseThrow());
    assertEquals("other", idOf(feed.poll().orElseThrow()));
    assertTrue(feed.poll().isEmpty());
  }

  @Test
  void cancellationsAreRememberedUpToANumberTheOldestForgottenFirst() {
    for (int i = 0; i <= CancelledIds.CAPACITY; i++) {
      scheduler.cancel("job-" + i, START);
    }
    accept(Jobs.job("job-0"), Jobs.job("job-1"));
    assertEquals(Map.of("job-1", Outcome.CANCELLED), ended);
  }

  /** Urgent jobs come without end, a job of the last priority starts all the same. */
  @Test
  void noJobStarvesHoweverManyUrgentOnesCome() {
    accept(Jobs.job("running"), Jobs.job("running too"), Jobs.job("and this one"));
    scheduler.start(scheduler.claim());
    accept(priority("last", 9));
    int turns = 0;
    for (boolean started = false; !started; turns++) {
      clock.advance(Duration.ofSeconds(1));
      accept(priority("urgent-" + turns, 1));
      finish(feed.poll().orElseThrow());
      List<Delivery> claimed = scheduler.claim();
      started = ids(claimed).contains("last");
      scheduler.start(claimed);
      assertTrue(turns < 100, "the job starves");
    }
    // it is level with what comes 80 s after it: eight priorities of 10 s
    assertEquals(80, turns);
  }

  @Test
  void whatRunsCountsAgainstTheBoundAsLongAsTheBatchIsFull() {
    // 10 jobs of 8 tokens and 64 steps are the bound
    for (int i = 0; i < 3; i++) {
      accept(Jobs.job("running-" + i));
    }
    scheduler.start(scheduler.claim());
    for (int i = 0; i < 7; i++) {
      assertFalse(scheduler.full());
      accept(Jobs.job("waiting-" + i));
    }
    assertTrue(scheduler.full());
  }

  @Test
  void aLongJobDoesNotKeepOthersOutOfABatchWithRoom() {
    accept(Jobs.withSteps(Jobs.job("long"), 4096));
    assertTrue(scheduler.full());
    scheduler.start(scheduler.claim());
    assertFalse(scheduler.full());
    accept(Jobs.job("short"));
    assertTrue(scheduler.full());
  }

  @Test
  void theQueueIsBoundedInBytesToo() {
    JobScheduler small =
        new JobScheduler(
            new QueueSettings(1 << 30, 10_000, AGEING, new RetryPolicy(1, BACKOFF)),
            BATCH_ROWS,
            this::settle,
            results,
            metrics,
            clock);
    int taken = 0;
    while (!small.full()) {
      small.accept(
          new Delivery(
              new RecordPosition(0, taken++, 1), Jobs.job("j" + taken), 8, 1, START, START));
    }
    assertTrue(taken > 3 && taken < 10, taken + " jobs in 10,000 bytes");
    small.abandon(_ -> true);
    assertFalse(small.full());
  }

  @Test
  void aPausedSchedulerStartsNothingAndAsksForNothing() {
    accept(Jobs.job("job"));
    assertTrue(scheduler.pause());
    assertFalse(scheduler.pause());
    assertTrue(scheduler.full());
    assertEquals(List.of(), scheduler.claim());
    assertTrue(scheduler.resume());
    assertFalse(scheduler.full());
    assertEquals(List.of("job"), startAll());
  }

  private void fail(ScheduledJob job) {
    var failure = JobFailure.Retryable.ofStep(new IllegalStateException("broken"));
    scheduler.fail(job, failure, results.failed(job.delivery().job(), failure.error(), 0));
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
        ScheduledJob job = feed.poll().orElseThrow();
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
