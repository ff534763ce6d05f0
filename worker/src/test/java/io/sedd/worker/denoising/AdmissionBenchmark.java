package io.sedd.worker.denoising;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobDefaults;
import io.sedd.protocol.job.Segment;
import io.sedd.worker.checkpoints.FlatScores;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.scheduling.JobScheduler;
import io.sedd.worker.scheduling.QueueSettings;
import io.sedd.worker.scheduling.RetryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What scheduling and the step loop cost beside the network and beside Kafka: jobs a second from
 * acceptance to settlement on scores that take no work, and the time of a step while 100,000 other
 * jobs wait.
 *
 * <p>Run: {@code java -cp <test class path> io.sedd.worker.denoising.AdmissionBenchmark [jobs]}.
 */
public final class AdmissionBenchmark {

  private static final int BATCH_ROWS = 8192;
  private static final int BACKLOG = 100_000;
  private static final int RUNNING = 1000;
  private static final int STEPS = 4096;

  private final Backend backend = new ReferenceBackend();
  private final WorkerMetrics metrics = new WorkerMetrics();
  private final AtomicLong settled = new AtomicLong();
  private final JobScheduler scheduler;
  private final CheckpointRack rack = new CheckpointRack(1);
  private final DenoisingLoop loop;
  private long offset;

  private AdmissionBenchmark() {
    Results results = new Results("bench");
    Clock clock = Clock.systemUTC();
    scheduler =
        new JobScheduler(
            new QueueSettings(
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                Duration.ofSeconds(30),
                new RetryPolicy(1, Duration.ZERO)),
            BATCH_ROWS,
            (_, _) -> settled.incrementAndGet(),
            results,
            metrics,
            clock);
    loop =
        new DenoisingLoop(
            new Device(0, 0, backend),
            new DenoisingSettings(BATCH_ROWS, Duration.ofMillis(500)),
            scheduler,
            rack,
            results,
            _ -> {},
            metrics,
            clock,
            Throwable::printStackTrace);
  }

  /** Runs it; the one argument is the number of jobs, 200000 where absent. */
  public static void main(String[] arguments) throws InterruptedException {
    int jobs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
    AdmissionBenchmark benchmark = new AdmissionBenchmark();
    Thread thread = Thread.ofPlatform().start(benchmark.loop);
    benchmark.rack.serve(new FlatScores(benchmark.backend, _ -> {}).served("none", () -> {}));
    benchmark.throughput("warm-up", jobs);
    benchmark.throughput("measured", jobs);
    benchmark.steps("with no job waiting");
    benchmark.fillQueue();
    benchmark.steps("with " + BACKLOG + " jobs waiting");
    benchmark.loop.stop();
    thread.join();
    benchmark.backend.close();
  }

  /** One blank and one step, so that the draw takes little. */
  private static GenerationJob small(String id) {
    return Jobs.withSteps(
        JobDefaults.job(id, List.of(new Segment.Text("a"), new Segment.Blank(1))), 1);
  }

  private void throughput(String name, int jobs) {
    long before = settled.get();
    long begin = System.nanoTime();
    for (int i = 0; i < jobs; ) {
      // as many as a fetch brings
      for (int end = Math.min(jobs, i + 500); i < end; i++) {
        accept(small(name + "-" + i), 2);
      }
      scheduler.start(scheduler.claim());
    }
    while (settled.get() - before < jobs) {
      scheduler.start(scheduler.claim());
      Thread.onSpinWait();
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf("%s: %d jobs, %.0f jobs/s%n", name, jobs, jobs / seconds);
  }

  private void fillQueue() {
    for (int i = 0; i < BACKLOG; i++) {
      accept(Jobs.withPriority(small("waiting-" + i), 9), 2);
    }
  }

  /** Long jobs fill the batch; what is measured is the turn around their steps. */
  private void steps(String name) throws InterruptedException {
    for (int i = 0; i < RUNNING; i++) {
      accept(Jobs.withPriority(Jobs.withSteps(small("running " + name + i), STEPS), 1), 10);
    }
    scheduler.start(scheduler.claim());
    double stepsBefore = metrics.sum(Metric.DENOISE_STEPS);
    long begin = System.nanoTime();
    while (metrics.sum(Metric.DENOISE_STEPS) - stepsBefore < 100) {
      scheduler.start(scheduler.claim());
      Thread.sleep(5);
    }
    double steps = metrics.sum(Metric.DENOISE_STEPS) - stepsBefore;
    System.out.printf(
        "%s: a step of %d jobs takes %.3f ms%n",
        name, RUNNING, (System.nanoTime() - begin) / 1e6 / steps);
    for (int i = 0; i < RUNNING; i++) {
      scheduler.cancel("running " + name + i, Instant.now());
    }
  }

  private void accept(GenerationJob job, int length) {
    Instant now = Instant.now();
    scheduler.accept(new Delivery(new RecordPosition(0, offset++, 1), job, length, 1, now, now));
  }
}
