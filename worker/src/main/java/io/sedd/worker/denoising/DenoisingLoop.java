package io.sedd.worker.denoising;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.DeviceException;
import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.sampling.Phase;
import io.sedd.diffusion.sampling.StepTimes;
import io.sedd.diffusion.text.TemplateEncoder;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.ProgressReport;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.scheduling.JobFailure;
import io.sedd.worker.scheduling.JobScheduler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that owns the batch of one device. A turn: adopt a new checkpoint, drop what nobody
 * wants, admit jobs while there is room, take one step, hand out what ended.
 *
 * <p>A step that fails is bisected, see {@link BisectingStep}: the job that cannot be stepped is
 * started again later or given up, and the others lose nothing. Where the device itself cannot be
 * stepped no job is to blame: the loop waits and tries again, and after {@value #MOST_FAULTS} such
 * steps in a row, or at once if the device says that it is lost, the worker ends, its jobs
 * unsettled, so that another worker gets them.
 */
public final class DenoisingLoop implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(DenoisingLoop.class);
  private static final Duration IDLE = Duration.ofMillis(100);
  private static final int MOST_FAULTS = 5;

  /** After the first fault of the device; doubles with each. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final JobScheduler scheduler;
  private final JobBatch batch;
  private final int capacityRows;
  private final Admission admission;
  private final JobEndings endings;
  private final ProgressReports progress;
  private final WorkerMetrics metrics;
  private final Clock clock;
  private final Consumer<Throwable> onFailure;
  private final CheckpointRack rack = new CheckpointRack();
  private final CheckpointChanges changes = new CheckpointChanges();

  private volatile Optional<ServedCheckpoint> serving = Optional.empty();
  private volatile Instant lastTurn;
  private volatile boolean stopping;
  private volatile BatchWatch watch = BatchWatch.NONE;
  private int deviceFaults;

  /**
   * A loop to be run by a thread of its own.
   *
   * @param progress takes progress reports, to be made on another thread
   * @param onFailure told, on the denoising thread, of a fault that ends it
   */
  public DenoisingLoop(
      Backend backend,
      DenoisingSettings settings,
      JobScheduler scheduler,
      Results results,
      Consumer<ProgressReport> progress,
      WorkerMetrics metrics,
      Clock clock,
      Consumer<Throwable> onFailure) {
    this.scheduler = scheduler;
    this.capacityRows = settings.capacityRows();
    this.batch = new JobBatch(backend, capacityRows, metrics);
    this.admission = new Admission(scheduler, rack, batch, results, metrics, clock);
    this.endings =
        new JobEndings(
            batch, rack, scheduler, new ResultAssembler(results.worker()), metrics, clock);
    this.progress = new ProgressReports(progress, settings.progressInterval(), metrics);
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
    endings.observe(next);
  }

  /** Puts a watch in the place of the former one. */
  public void watch(BatchWatch next) {
    watch = next;
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

  /**
   * When the loop last gave a sign of life: at least every two seconds, or an evaluation of the
   * network is going on.
   */
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
    signOfLife();
    changes.make(rack, () -> serving = rack.current());
    dropUnwanted();
    admission.admit();
    BatchWatch watching = watch;
    if (watching.looks()) {
      watching.sees(batch.view(watching::seeks));
    }
    if (batch.isEmpty()) {
      scheduler.await(IDLE);
    } else {
      step();
    }
  }

  private void signOfLife() {
    lastTurn = clock.instant();
  }

  private void dropUnwanted() {
    for (var job = scheduler.nextWithdrawn(); job.isPresent(); job = scheduler.nextWithdrawn()) {
      batch.of(job.get()).ifPresent(this::dropWithdrawn);
    }
    for (var job = batch.late(lastTurn); job.isPresent(); job = batch.late(lastTurn)) {
      endings.expired(job.get());
    }
  }

  private void dropWithdrawn(RunningJob job) {
    switch (job.scheduled().withdrawal()) {
      case ABANDONED -> endings.abandoned(job);
      case CANCELLED -> endings.cancelled(job);
      case NONE -> {}
    }
  }

  private void step() throws InterruptedException {
    showBatch();
    int before = batch.remaining();
    StepOutcome outcome = batch.step(this::signOfLife);
    showTimes(outcome.times());
    watch.stepped(outcome.times(), before - batch.remaining() - givenUp(outcome));
    batch.of(outcome.ended()).forEach(this::handOut);
    outcome.culprits().forEach(endings::failed);
    progress.after(batch.reporting(), clock.instant());
    if (batch.isEmpty()) {
      showBatch();
    }
    judgeDevice(outcome.deviceFault());
  }

  private void showBatch() {
    metrics.set(Metric.BATCH_ROWS, batch.rows());
    metrics.set(Metric.BATCH_FILL_RATIO, batch.rows() / (double) capacityRows);
    metrics.set(Metric.MASKED_POSITIONS, batch.remaining());
  }

  private void showTimes(StepTimes times) {
    metrics.count(Metric.DENOISE_STEPS);
    for (Phase phase : Phase.values()) {
      metrics.observeNanos(Metric.DENOISE_STEP_SECONDS, times.of(phase), phase.label());
    }
  }

  /** Positions that have left the batch unfilled. */
  private static int givenUp(StepOutcome outcome) {
    return outcome.ended().stream().mapToInt(Lane::remaining).sum();
  }

  /** Some lane of the job has ended: the job has too if all have, or if one has failed. */
  private void handOut(RunningJob job) {
    Optional<Lane> failed =
        job.lanes().stream().filter(lane -> lane.failure().isPresent()).findFirst();
    if (failed.isPresent()) {
      metrics.count(Metric.NONFINITE_SCORES);
      String why = failed.get().failure().orElseThrow();
      log.warn("job {} cannot be denoised: {}", job.job().id(), why);
      endings.failed(job, JobFailure.Permanent.notFinite(why));
    } else if (job.finished()) {
      endings.completed(job);
    }
  }

  private void judgeDevice(Optional<Throwable> fault) throws InterruptedException {
    if (fault.isEmpty()) {
      deviceFaults = 0;
      return;
    }
    deviceFaults++;
    if (fault.get() instanceof DeviceException.Lost) {
      throw new IllegalStateException("the device is lost: " + fault.get(), fault.get());
    }
    if (deviceFaults >= MOST_FAULTS) {
      throw new IllegalStateException(
          deviceFaults
              + " steps in a row have failed for every job and for none: the device is"
              + " taken for broken: "
              + fault.get(),
          fault.get());
    }
    log.error("the device cannot take a step; it is tried again", fault.get());
    scheduler.rest(PAUSE.multipliedBy(1L << (deviceFaults - 1)));
  }
}
