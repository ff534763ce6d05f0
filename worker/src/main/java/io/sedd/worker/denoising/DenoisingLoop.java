package io.sedd.worker.denoising;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.sampling.DenoisingBatch;
import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.text.EncodedTemplate;
import io.sedd.diffusion.text.RefusedTemplate;
import io.sedd.diffusion.text.TemplateEncoder;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.JobError;
import io.sedd.protocol.job.JobProgress;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.JobKind;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.scheduling.JobScheduler;
import io.sedd.worker.scheduling.ScheduledJob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that owns the batch of one device. A turn: adopt a new checkpoint, drop what nobody
 * wants, admit jobs while there is room, take one step, hand out what ended.
 *
 * <p>A step that fails is no single lane's fault as far as anybody knows: its jobs are done again,
 * each with nothing beside it, and one that fails even then gets a failed result. When {@value
 * #MOST_FAILURES} steps have failed with no good one in between, the device itself is taken for
 * broken and the worker ends, its jobs unsettled, so that another worker gets them.
 */
public final class DenoisingLoop implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(DenoisingLoop.class);
  private static final Duration IDLE = Duration.ofMillis(100);
  private static final int MOST_FAILURES = 5;

  private final JobScheduler scheduler;
  private final JobBatch batch;
  private final int capacityRows;
  private final Results results;
  private final ResultAssembler assembler;
  private final ProgressReports progress;
  private final WorkerMetrics metrics;
  private final Clock clock;
  private final Consumer<Throwable> onFailure;
  private final CheckpointRack rack = new CheckpointRack();

  private final CheckpointChanges changes = new CheckpointChanges();

  private volatile Optional<ServedCheckpoint> serving = Optional.empty();
  private volatile JobObserver observer = (_, _) -> {};
  private volatile Instant lastTurn;
  private volatile boolean stopping;
  private int failures;

  /**
   * A loop to be run by a thread of its own.
   *
   * @param capacityRows token rows of the batch
   * @param progress takes progress reports, to be made on another thread
   * @param onFailure told, on the denoising thread, of a fault that ends it
   */
  public DenoisingLoop(
      Backend backend,
      int capacityRows,
      JobScheduler scheduler,
      Results results,
      Consumer<Supplier<JobProgress>> progress,
      WorkerMetrics metrics,
      Clock clock,
      Consumer<Throwable> onFailure) {
    this.scheduler = scheduler;
    this.capacityRows = capacityRows;
    this.batch = new JobBatch(new DenoisingBatch(backend, capacityRows));
    this.results = results;
    this.assembler = new ResultAssembler(results.worker());
    this.progress = new ProgressReports(progress);
    this.metrics = metrics;
    this.clock = clock;
    this.onFailure = onFailure;
    this.lastTurn = clock.instant();
  }

  // --- for other threads

  /**
   * Lets new jobs start on a checkpoint, from the next turn on; owns it. A candidate is promoted
   * this way too; any other candidate is dismissed.
   *
   * @return done when the first job could start on it
   */
  public CompletableFuture<Void> serve(ServedCheckpoint next) {
    return change(rack -> rack.serve(next));
  }

  /**
   * Lets a share of the new jobs start on a candidate, from the next turn on; owns it.
   *
   * @return done when the first job could start on it; fails if no checkpoint is served yet
   */
  public CompletableFuture<Void> tryOut(ServedCheckpoint candidate, CandidateShare share) {
    return change(rack -> rack.tryOut(candidate, share));
  }

  /**
   * Lets no new job start on the candidate; its weights are freed when its last job has ended.
   *
   * @return done when the first job could start without it
   */
  public CompletableFuture<Void> dismissCandidate() {
    return change(CheckpointRack::dismiss);
  }

  private CompletableFuture<Void> change(Consumer<CheckpointRack> what) {
    CompletableFuture<Void> done = changes.order(what);
    scheduler.wake();
    return done;
  }

  /** Puts an observer in the place of the former one. */
  public void observe(JobObserver next) {
    observer = next;
  }

  /** What new jobs start on; empty before the first checkpoint. */
  public Optional<ServedCheckpoint> serving() {
    return serving;
  }

  /** The encoder of the checkpoint that is being served. */
  public TemplateEncoder encoder() {
    return serving
        .orElseThrow(() -> new IllegalStateException("no checkpoint is being served yet"))
        .encoder();
  }

  /** When the loop last began a turn: it turns at least every 100 ms, or a step is going on. */
  public Instant lastTurn() {
    return lastTurn;
  }

  /** Ends the loop after the present step; what is in the batch is dropped. */
  public void stop() {
    stopping = true;
    scheduler.wake();
  }

  // --- the denoising thread

  @Override
  public void run() {
    try (batch;
        rack) {
      while (!stopping) {
        turn();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      log.error("the denoising loop ends", e);
      onFailure.accept(e);
    }
  }

  private void turn() throws InterruptedException {
    lastTurn = clock.instant();
    changes.make(rack, () -> serving = rack.current());
    batch.jobs().forEach(this::dropUnwanted);
    admit();
    if (batch.isEmpty()) {
      scheduler.await(IDLE);
    } else {
      step();
    }
  }

  private void dropUnwanted(RunningJob job) {
    Instant now = clock.instant();
    switch (job.scheduled().withdrawal()) {
      case ABANDONED -> {
        takeOut(job);
        scheduler.drop(job.scheduled());
      }
      case CANCELLED -> end(job, assembler.ended(job, Outcome.CANCELLED, now));
      case NONE -> {
        if (!job.scheduled().deadline().isAfter(now)) {
          metrics.count(Metric.JOB_DEADLINE_EXCEEDED);
          end(job, assembler.ended(job, Outcome.EXPIRED, now));
        }
      }
    }
  }

  private void admit() {
    batch.fill();
    while (batch.hasRoom() && rack.current().isPresent()) {
      Optional<ScheduledJob> next = scheduler.poll();
      if (next.isEmpty()) {
        return;
      }
      begin(next.get());
    }
  }

  private void begin(ScheduledJob job) {
    ServedCheckpoint checkpoint = rack.enter(job.delivery().job().id());
    switch (checkpoint.encoder().encode(job.delivery().job().template())) {
      case EncodedTemplate template -> begin(job, checkpoint, template);
      // it fitted the checkpoint that was served when it came
      case RefusedTemplate(JobError error) -> refuse(job, checkpoint, error);
    }
  }

  private void begin(ScheduledJob job, ServedCheckpoint checkpoint, EncodedTemplate template) {
    RunningJob running;
    try {
      running = new RunningJob(job, checkpoint, template, clock.instant());
      batch.add(running);
    } catch (IllegalArgumentException e) {
      refuse(job, checkpoint, new JobError(JobError.Code.INTERNAL, e.getMessage(), "$"));
      return;
    }
    metrics.observeMillis(Metric.JOB_QUEUE_SECONDS, running.queueMillis());
    dropUnwanted(running);
  }

  private void refuse(ScheduledJob job, ServedCheckpoint checkpoint, JobError error) {
    rack.leave(checkpoint);
    scheduler.finish(
        job,
        new Settlement.Refused(error, Optional.of(results.failed(job.delivery().job(), error, 0))));
  }

  private void step() {
    metrics.set(Metric.BATCH_ROWS, batch.rows());
    metrics.set(Metric.BATCH_FILL_RATIO, batch.rows() / (double) capacityRows);
    metrics.set(Metric.MASKED_POSITIONS, batch.remaining());
    long begin = System.nanoTime();
    try {
      var concerned = batch.step();
      metrics.observeNanos(Metric.DENOISE_STEP_SECONDS, System.nanoTime() - begin);
      metrics.count(Metric.DENOISE_STEPS);
      failures = 0;
      concerned.forEach(this::handOut);
      batch.jobs().forEach(progress::after);
    } catch (RuntimeException | Error e) {
      stepFailed(e);
    }
    if (batch.isEmpty()) {
      metrics.set(Metric.BATCH_ROWS, 0);
      metrics.set(Metric.BATCH_FILL_RATIO, 0);
      metrics.set(Metric.MASKED_POSITIONS, 0);
    }
  }

  /** Some lane of the job has ended: the job has too if all have, or if one has failed. */
  private void handOut(RunningJob job) {
    Instant now = clock.instant();
    Optional<Lane> failed =
        job.lanes().stream().filter(lane -> lane.failure().isPresent()).findFirst();
    if (failed.isPresent()) {
      metrics.count(Metric.NONFINITE_SCORES);
      String why = failed.get().failure().orElseThrow();
      log.warn("job {} cannot be denoised: {}", job.job().id(), why);
      end(job, assembler.failed(job, why, now));
    } else if (job.finished()) {
      metrics.add(Metric.TOKENS_GENERATED, (double) job.blanks() * job.lanes().size());
      end(job, assembler.ended(job, Outcome.COMPLETED, now));
    }
  }

  private void end(RunningJob job, GenerationResult result) {
    takeOut(job);
    JobKind kind = JobKind.of(job.job());
    observer.ended(job.checkpoint(), result);
    metrics.add(Metric.NETWORK_EVALUATIONS, (double) result.networkEvaluations());
    metrics.observeMillis(Metric.JOB_DURATION_SECONDS, result.denoiseMillis(), kind.label());
    scheduler.finish(job.scheduled(), new Settlement.Ended(result, kind));
  }

  private void stepFailed(Throwable fault) {
    metrics.count(Metric.STEP_FAILURES);
    failures++;
    var jobs = batch.jobs();
    log.error("a step of {} jobs failed", jobs.size(), fault);
    if (failures >= MOST_FAILURES) {
      throw new IllegalStateException(
          failures + " steps have failed in a row: the device is taken for broken", fault);
    }
    for (RunningJob job : jobs) {
      if (job.scheduled().alone()) {
        end(job, assembler.failed(job, "the step failed: " + fault, clock.instant()));
      } else {
        takeOut(job);
        metrics.count(Metric.RETRIES, "step_failure");
        scheduler.retryAlone(job.scheduled());
      }
    }
  }

  private void takeOut(RunningJob job) {
    batch.remove(job);
    rack.leave(job.checkpoint());
  }
}
