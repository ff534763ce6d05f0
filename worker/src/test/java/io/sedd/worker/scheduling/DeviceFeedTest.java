package io.sedd.worker.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.JobKind;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Three devices at one queue; a job has 8 rows. */
class DeviceFeedTest {

  private static final Duration LONG = Duration.ofMinutes(5);

  private final MovableClock clock = new MovableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final Results results = new Results("w");
  private final JobScheduler scheduler =
      new JobScheduler(
          new QueueSettings(
              1 << 30, 1 << 30, Duration.ofSeconds(10), new RetryPolicy(4, Duration.ZERO)),
          1000,
          (_, _) -> {},
          results,
          new WorkerMetrics(),
          clock);
  private final DeviceFeed a = scheduler.feed();
  private final DeviceFeed b = scheduler.feed();
  private final DeviceFeed c = scheduler.feed();
  private long offset;

  @Test
  void aBurstIsSharedOutEvenlyInTheOrderOfTheQueue() {
    start(Jobs.jobs("job", 9));
    assertEquals(List.of("job-0", "job-1", "job-2"), ids(pollAll(b)));
    assertEquals(List.of("job-3", "job-4", "job-5"), ids(pollAll(a)));
    assertEquals(List.of("job-6", "job-7", "job-8"), ids(pollAll(c)));
  }

  @Test
  void aDeviceThatCarriesLessGetsMore() {
    start(List.of(Jobs.withSamples(Jobs.job("large"), 4)));
    assertEquals(List.of("large"), ids(pollAll(a)));
    start(Jobs.jobs("job", 8));
    assertEquals(List.of(), ids(pollAll(a)));
    assertEquals(4, pollAll(b).size());
    assertEquals(4, pollAll(c).size());
  }

  @Test
  void whatIsLeftToDevicesThatHaveNoRoomIsTaken() {
    start(List.of(Jobs.withSamples(Jobs.job("large"), 4)));
    pollAll(a);
    b.full();
    c.full();
    start(Jobs.jobs("job", 8));
    assertEquals(8, pollAll(a).size());
  }

  @Test
  void aDeviceThatHasNothingToDoNeverLeavesAJob() {
    start(Jobs.jobs("job", 2));
    assertEquals(1, pollAll(c).size());
    assertEquals(1, pollAll(a).size());
    start(Jobs.jobs("more", 1));
    assertEquals(List.of("more-0"), ids(pollAll(b)));
  }

  @Test
  void anEndedJobIsNoLongerCarried() {
    start(Jobs.jobs("job", 9));
    List<ScheduledJob> ofA = pollAll(a);
    pollAll(b);
    pollAll(c);
    ofA.forEach(this::finish);
    start(Jobs.jobs("more", 3));
    assertEquals(3, pollAll(a).size());
    assertEquals(List.of(), pollAll(b));
  }

  @Test
  void aRunningJobIsWithdrawnOnItsOwnDevice() {
    start(Jobs.jobs("job", 3));
    a.poll();
    ScheduledJob onB = b.poll().orElseThrow();
    c.poll();
    scheduler.cancel("job-1", clock.instant());
    assertEquals(Optional.empty(), a.nextWithdrawn());
    assertEquals(Optional.of(onB), b.nextWithdrawn());
    assertEquals(Optional.empty(), c.nextWithdrawn());
    scheduler.abandon(position -> position.offset() == 2);
    assertEquals(Optional.empty(), b.nextWithdrawn());
    assertEquals("job-2", c.nextWithdrawn().orElseThrow().delivery().job().id());
  }

  @Test
  void aJobThatRunsAloneHasNoOtherBesideItOnAnyDevice() {
    start(Jobs.jobs("job", 3));
    List<ScheduledJob> running =
        List.of(a.poll().orElseThrow(), b.poll().orElseThrow(), c.poll().orElseThrow());
    scheduler.accept(delivery(Jobs.job("suspect"), 3));
    scheduler.accept(delivery(Jobs.job("other"), 1));
    for (ScheduledJob job : running) {
      assertEquals(List.of(), scheduler.claim());
      finish(job);
    }
    scheduler.start(scheduler.claim());
    ScheduledJob alone = b.poll().orElseThrow();
    assertTrue(alone.alone());
    assertEquals(List.of(), scheduler.claim());
    assertEquals(Optional.empty(), a.poll());
    assertEquals(Optional.empty(), c.poll());
    finish(alone);
    scheduler.start(scheduler.claim());
    assertEquals("other", c.poll().orElseThrow().delivery().job().id());
  }

  @Test
  void wakingOneDeviceLeavesTheOthersAsleep() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> first = threads.submit(() -> sleep(a));
      Future<?> second = threads.submit(() -> sleep(b));
      b.wake();
      second.get();
      assertTrue(!first.isDone());
      a.wake();
      first.get();
    }
  }

  private static Void sleep(DeviceFeed feed) throws InterruptedException {
    feed.await(LONG);
    return null;
  }

  private Delivery delivery(GenerationJob job, int attempt) {
    return new Delivery(
        new RecordPosition(0, offset++, 1), job, 8, attempt, clock.instant(), clock.instant());
  }

  /** All of them are ready at the same moment. */
  private void start(List<GenerationJob> jobs) {
    jobs.forEach(job -> scheduler.accept(delivery(job, 1)));
    scheduler.start(scheduler.claim());
  }

  private static List<ScheduledJob> pollAll(DeviceFeed feed) {
    List<ScheduledJob> jobs = new ArrayList<>();
    for (var next = feed.poll(); next.isPresent(); next = feed.poll()) {
      jobs.add(next.get());
    }
    return jobs;
  }

  private static List<String> ids(List<ScheduledJob> jobs) {
    return jobs.stream().map(job -> job.delivery().job().id()).toList();
  }

  private void finish(ScheduledJob job) {
    GenerationJob work = job.delivery().job();
    scheduler.finish(
        job,
        new Settlement.Ended(results.neverStarted(work, Outcome.COMPLETED, 0), JobKind.of(work)));
  }
}
