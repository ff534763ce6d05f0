package io.sedd.worker.denoising;

import static org.awaitility.Awaitility.await;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobDefaults;
import io.sedd.protocol.job.JobError;
import io.sedd.protocol.job.JobProgress;
import io.sedd.protocol.job.Segment;
import io.sedd.worker.checkpoints.FlatScores;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.scheduling.JobScheduler;
import io.sedd.worker.scheduling.MovableClock;
import io.sedd.worker.scheduling.QueueSettings;
import io.sedd.worker.scheduling.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.awaitility.core.ConditionFactory;

/**
 * A scheduler and a loop that runs, or one for each of several devices, on a network of no work.
 * The test's own thread is the intake: it claims and starts jobs while it waits for something.
 */
final class LoopUnderTest implements AutoCloseable {

  static final int ROWS = 64;
  static final int MAX_ATTEMPTS = 3;
  static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(1);

  final MovableClock clock = new MovableClock(Instant.parse("2026-01-01T00:00:00Z"));
  final WorkerMetrics metrics = new WorkerMetrics();
  final Map<String, GenerationResult> ended = new ConcurrentHashMap<>();
  final Map<String, JobError> deadLetters = new ConcurrentHashMap<>();
  final List<JobProgress> reports = new CopyOnWriteArrayList<>();
  final AtomicReference<Throwable> failure = new AtomicReference<>();
  final JobScheduler scheduler;
  final CheckpointRack rack;
  final List<DenoisingLoop> loops = new ArrayList<>();
  final DenoisingLoop loop;
  private final List<Thread> threads = new ArrayList<>();
  private final List<FlatScores> scores = new ArrayList<>();
  private long offset;

  /**
   * Serves a checkpoint called {@code first}.
   *
   * @param beforeStep sees the input of every evaluation and may throw
   */
  LoopUnderTest(Consumer<NetworkInput> beforeStep) {
    this(List.of(beforeStep));
  }

  /**
   * Serves a checkpoint called {@code first} on several devices.
   *
   * @param beforeSteps one for each device
   */
  LoopUnderTest(List<Consumer<NetworkInput>> beforeSteps) {
    rack = new CheckpointRack(beforeSteps.size());
    Results results = new Results("w");
    scheduler =
        new JobScheduler(
            new QueueSettings(
                1 << 30,
                1 << 30,
                Duration.ofSeconds(10),
                new RetryPolicy(MAX_ATTEMPTS, Duration.ZERO)),
            (long) ROWS * beforeSteps.size(),
            (_, settlement) -> settled(settlement),
            results,
            metrics,
            clock);
    for (int i = 0; i < beforeSteps.size(); i++) {
      Backend backend = new ReferenceBackend();
      scores.add(new FlatScores(backend, beforeSteps.get(i)));
      loops.add(
          new DenoisingLoop(
              new Device(i, i, backend),
              new DenoisingSettings(ROWS, PROGRESS_INTERVAL),
              scheduler,
              rack,
              results,
              report -> reports.add(report.content().get()),
              metrics,
              clock,
              failure::set));
    }
    loop = loops.getFirst();
    rack.serve(checkpoint("first", () -> {}));
    loops.forEach(each -> threads.add(Thread.ofPlatform().start(each)));
  }

  private void settled(Settlement settlement) {
    switch (settlement) {
      case Settlement.Ended(var result, _) -> put(result);
      case Settlement.Refused(var error, var result) -> {
        deadLetters.put(result.orElseThrow().jobId(), error);
        put(result.orElseThrow());
      }
      case Settlement.SentAgain _ -> throw new AssertionError("only an intake sends again");
    }
  }

  private void put(GenerationResult result) {
    if (ended.put(result.jobId(), result) != null) {
      failure.set(new AssertionError("job " + result.jobId() + " was settled twice"));
    }
  }

  /** Another checkpoint on the same network. */
  ServedCheckpoint checkpoint(String name, DeviceCopy.Weights weights) {
    return FlatScores.served(name, scores.stream().map(each -> each.copy(weights)).toList());
  }

  /** A job of a text and eight blanks: nine rows where the text is one byte. */
  static GenerationJob withText(String id, String text) {
    return JobDefaults.job(id, List.of(new Segment.Text(text), new Segment.Blank(8)));
  }

  void take(GenerationJob job) {
    scheduler.accept(
        new Delivery(
            new RecordPosition(0, offset++, 1), job, 9, 1, clock.instant(), clock.instant()));
    startClaimed();
  }

  void startClaimed() {
    scheduler.start(scheduler.claim());
  }

  /** Starts what may start until something is the case. */
  void until(BooleanSupplier done) {
    waiting()
        .until(
            () -> {
              startClaimed();
              return done.getAsBoolean();
            });
  }

  GenerationResult awaitEnd(String id) {
    until(() -> ended.containsKey(id));
    return ended.get(id);
  }

  static ConditionFactory waiting() {
    return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(2));
  }

  @Override
  public void close() {
    loops.forEach(DenoisingLoop::stop);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loops.forEach(each -> each.device().backend().close());
  }
}
