package io.sedd.worker.delivery;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobLimits;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.FlatScores;
import io.sedd.worker.denoising.CheckpointRack;
import io.sedd.worker.denoising.DenoisingLoop;
import io.sedd.worker.denoising.DenoisingSettings;
import io.sedd.worker.denoising.Device;
import io.sedd.worker.denoising.ServedCheckpoint;
import io.sedd.worker.intake.JobReader;
import io.sedd.worker.intake.JobSource;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.SettlementRecords;
import io.sedd.worker.scheduling.JobScheduler;
import io.sedd.worker.scheduling.QueueSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Intake, scheduling and the step loop as they are, with scores that take no work. */
@SuppressWarnings("try") // closing waits for threads and may be interrupted
final class BenchedWorker implements AutoCloseable {

  private static final int BATCH_ROWS = 8192;
  static final int LANES = 4;

  /** Eight jobs of eight tokens: what a device with steps of a set time has room for. */
  private static final int ROWS_OF_A_DEVICE = 64;

  private final Backend backend = new ReferenceBackend();
  private final JobSource source;
  private final JobScheduler scheduler;
  private final DenoisingLoop loop;
  private final Thread denoising;
  private boolean stopped;

  BenchedWorker(KafkaSite site, Mode mode) {
    this(site, mode, "bench", BATCH_ROWS, () -> {});
  }

  /** One whose steps take a set time, as on a device of its own, whatever is in the batch. */
  BenchedWorker(KafkaSite site, Mode mode, String name, int stepMillis) {
    this(
        site,
        mode,
        name,
        ROWS_OF_A_DEVICE,
        () -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(stepMillis)));
  }

  private BenchedWorker(KafkaSite site, Mode mode, String name, int rows, Runnable beforeStep) {
    WorkerMetrics metrics = new WorkerMetrics();
    Results results = new Results(name);
    Clock clock = Clock.systemUTC();
    ServedCheckpoint checkpoint =
        new FlatScores(backend, _ -> beforeStep.run()).served("none", () -> {});
    source = source(site, mode, name, metrics, results, checkpoint);
    scheduler =
        new JobScheduler(
            new QueueSettings(20_000_000, Duration.ofSeconds(30)),
            rows,
            source,
            results,
            metrics,
            clock);
    CheckpointRack rack = new CheckpointRack(1);
    loop =
        new DenoisingLoop(
            new Device(0, 0, backend),
            new DenoisingSettings(rows, Duration.ofMillis(500)),
            scheduler,
            rack,
            results,
            _ -> {},
            metrics,
            clock,
            Throwable::printStackTrace);
    denoising = Thread.ofPlatform().name("sedd-denoising").start(loop);
    rack.serve(checkpoint);
  }

  private static JobSource source(
      KafkaSite site,
      Mode mode,
      String name,
      WorkerMetrics metrics,
      Results results,
      ServedCheckpoint checkpoint) {
    JobReader reader = new JobReader(JobLimits.defaults(), checkpoint::encoder, results);
    SettlementRecords records =
        new SettlementRecords(site.topics(), results, 1 << 20, Clock.systemUTC());
    return mode.source(site, site.clients(name), reader, records, metrics, 5, LANES);
  }

  /** Jobs of eight blanks and one step. */
  static List<GenerationJob> jobs(String name, int count) {
    return Jobs.jobs(name, count).stream().map(job -> Jobs.withSteps(job, 1)).toList();
  }

  void start() {
    source.start(scheduler);
  }

  void stop() throws InterruptedException {
    if (!stopped) {
      stopped = true;
      source.stop(Duration.ofSeconds(5));
      loop.stop();
      denoising.join();
      backend.close();
    }
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }
}
