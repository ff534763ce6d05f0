package io.sedd.worker.denoising;

import io.sedd.diffusion.backend.DeviceException;
import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.sampling.Phase;
import io.sedd.diffusion.sampling.StepTimes;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.ProgressReport;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.scheduling.DeviceFeed;
import io.sedd.worker.scheduling.JobFailure;
import io.sedd.worker.scheduling.JobScheduler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that owns the batch of one device. A turn: drop what nobody wants, admit jobs while
 * there is room, take one step, hand out what ended.
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

  private final Device device;
  private final JobScheduler scheduler;
  private final DeviceFeed feed;
  private final JobBatch batch;
  private final int capacityRows;
  private final Admission admission;
  private final JobEndings endings;
  private final MemoryBounds memory;
  private final ProgressReports progress;
  private final CheckpointRack rack;
  private final WorkerMetrics metrics;
  private final DeviceMetrics ofDevice;
  private final Clock clock;
  private final Consumer<Throwable> onFailure;

  private volatile Instant lastTurn;
  private volatile boolean stopping;
  private volatile BatchWatch watch = BatchWatch.NONE;
  private int deviceFaults;

  /**
   * A loop to be run by a thread of its own; from now on the scheduler counts on its device.
   *
   * @param rack of all devices; this one's copies are freed when the loop ends
   * @param progress takes progress reports, to be made on another thread
   * @param onFailure told, on the denoising thread, of a fault that ends it
   */
  public DenoisingLoop(
      Device device,
      DenoisingSettings settings,
      JobScheduler scheduler,
      CheckpointRack rack,
      Results results,
      Consumer<ProgressReport> progress,
      WorkerMetrics metrics,
      Clock clock,
      Consumer<Throwable> onFailure) {
    this.device = device;
    this.scheduler = scheduler;
    this.feed = scheduler.feed();
    this.rack = rack;
    this.ofDevice = new DeviceMetrics(metrics, device.label());
    this.capacityRows = settings.capacityRows();
    this.batch = new JobBatch(device.backend(), capacityRows, ofDevice);
    this.memory = new MemoryBounds(device.label(), device.backend()::memory, batch, ofDevice);
    this.admission = new Admission(device, feed, scheduler, rack, batch, results, metrics, clock);
    this.endings =
        new JobEndings(
            device, batch, rack, scheduler, new ResultAssembler(results.worker()), metrics, clock);
    this.progress = new ProgressReports(progress, settings.progressInterval(), metrics);
    this.metrics = metrics;
    this.clock = clock;
    this.onFailure = onFailure;
    this.lastTurn = clock.instant();
  }

  // --- for other threads

  /** Puts a watch in the place of the former one. */
  public void watch(BatchWatch next) {
    watch = next;
  }

  /** Where it denoises. */
  public Device device() {
    return device;
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
    feed.wake();
  }

  // --- the denoising thread

  @Override
  public void run() {
    try (batch) {
      runOnBatch();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      log.error("the denoising loop of device {} ends", device.label(), e);
      onFailure.accept(e);
    }
  }

  private void runOnBatch() throws InterruptedException {
    try {
      while (!stopping) {
        turn();
      }
    } finally {
      rack.close(device);
    }
  }

  private void turn() throws InterruptedException {
    signOfLife();
    dropUnwanted();
    memory.look(lastTurn, rack.current().map(served -> served.model(device).scores().shape()));
    admission.admit();
    BatchWatch watching = watch;
    if (watching.looks()) {
      watching.sees(batch.view(watching::seeks));
    }
    if (batch.isEmpty()) {
      showBatch();
      feed.await(IDLE);
    } else {
      step();
    }
  }

  private void signOfLife() {
    lastTurn = clock.instant();
  }

  private void dropUnwanted() {
    for (var job = feed.nextWithdrawn(); job.isPresent(); job = feed.nextWithdrawn()) {
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
    judgeDevice(outcome.deviceFault());
  }

  private void showBatch() {
    ofDevice.set(Metric.BATCH_ROWS, batch.rows());
    ofDevice.set(Metric.BATCH_FILL_RATIO, batch.rows() / (double) capacityRows);
    ofDevice.set(Metric.MASKED_POSITIONS, batch.remaining());
  }

  private void showTimes(StepTimes times) {
    ofDevice.count(Metric.DENOISE_STEPS);
    for (Phase phase : Phase.values()) {
      ofDevice.observeNanos(Metric.DENOISE_STEP_SECONDS, times.of(phase), phase.label());
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
      throw new IllegalStateException(
          "device " + device.label() + " is lost: " + fault.get(), fault.get());
    }
    if (deviceFaults >= MOST_FAULTS) {
      throw new IllegalStateException(
          deviceFaults
              + " steps in a row have failed for every job and for none: device "
              + device.label()
              + " is taken for broken: "
              + fault.get(),
          fault.get());
    }
    log.error("device {} cannot take a step; it is tried again", device.label(), fault.get());
    feed.rest(PAUSE.multipliedBy(1L << (deviceFaults - 1)));
  }
}
