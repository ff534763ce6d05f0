package io.sedd.worker.delivery;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobLimits;
import io.sedd.worker.broker.EmbeddedBroker;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.FlatScores;
import io.sedd.worker.client.JobClient;
import io.sedd.worker.denoising.DenoisingLoop;
import io.sedd.worker.denoising.DenoisingSettings;
import io.sedd.worker.intake.IntakeSettings;
import io.sedd.worker.intake.JobReader;
import io.sedd.worker.intake.TransactionalJobSource;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.SettlementRecords;
import io.sedd.worker.scheduling.JobScheduler;
import io.sedd.worker.scheduling.QueueSettings;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a job costs beside its network: the whole way from topic to topic on an embedded broker,
 * with scores that take no work, one step and eight tokens. Prints jobs per second and milliseconds
 * per job, first for many jobs at once, then for one at a time.
 *
 * <p>Run: {@code java -cp <test class path> io.sedd.worker.delivery.OverheadBenchmark [jobs]}.
 */
public final class OverheadBenchmark {

  private static final int BATCH_ROWS = 8192;
  private static final int ALONE = 200;

  private OverheadBenchmark() {}

  /** Runs it; the one argument is the number of jobs, 5000 where absent. */
  public static void main(String[] arguments) throws Exception {
    int jobs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5000;
    try (EmbeddedBroker broker = EmbeddedBroker.started(Files.createTempDirectory("sedd-bench"));
        KafkaSite site = KafkaSite.on(broker);
        Backend backend = new ReferenceBackend()) {
      measure(site, backend, jobs);
    }
  }

  private static void measure(KafkaSite site, Backend backend, int jobs) throws Exception {
    WorkerMetrics metrics = new WorkerMetrics();
    Results results = new Results("bench");
    Clock clock = Clock.systemUTC();
    FlatScores scores = new FlatScores(backend, _ -> {});
    var checkpoint = scores.served("none", () -> {});
    TransactionalJobSource source =
        new TransactionalJobSource(
            site.clients("bench"),
            new IntakeSettings(site.topics().jobs(), 5, Duration.ofSeconds(5)),
            new JobReader(JobLimits.defaults(), checkpoint::encoder, results),
            new SettlementRecords(site.topics(), results, 1 << 20),
            metrics,
            clock,
            Throwable::printStackTrace);
    JobScheduler scheduler =
        new JobScheduler(
            new QueueSettings(20_000_000, Duration.ofSeconds(30)),
            BATCH_ROWS,
            source,
            results,
            metrics,
            clock);
    DenoisingLoop loop =
        new DenoisingLoop(
            backend,
            new DenoisingSettings(BATCH_ROWS, Duration.ofMillis(500)),
            scheduler,
            results,
            _ -> {},
            metrics,
            clock,
            Throwable::printStackTrace);
    Thread denoising = Thread.ofPlatform().start(loop);
    loop.serve(checkpoint).join();
    source.start(scheduler);
    try (JobClient client =
        new JobClient(Map.of("bootstrap.servers", site.bootstrapServers()), site.topics())) {
      atOnce(site, client, "warm-up", jobs);
      atOnce(site, client, "measured", jobs);
      oneByOne(client);
    }
    source.stop(Duration.ZERO);
    loop.stop();
    denoising.join();
  }

  private static void atOnce(KafkaSite site, JobClient client, String name, int count) {
    List<GenerationJob> jobs =
        Jobs.jobs(name, count).stream().map(job -> Jobs.withSteps(job, 1)).toList();
    long begin = System.nanoTime();
    site.send(jobs);
    for (int heard = 0; heard < count; heard += client.heard().size()) {
      // goes on until all are there
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        "%s: %d jobs at once, %.0f jobs/s, %.3f ms a job%n",
        name, count, count / seconds, 1e3 * seconds / count);
  }

  private static void oneByOne(JobClient client) throws InterruptedException {
    long begin = System.nanoTime();
    for (int i = 0; i < ALONE; i++) {
      String id = "alone-" + i;
      client.send(Jobs.withSteps(Jobs.job(id), 1));
      var _ = client.await(id, Duration.ofSeconds(30)).orElseThrow();
    }
    System.out.printf(
        "one at a time: %d jobs, %.1f ms from sending to reading the result%n",
        ALONE, (System.nanoTime() - begin) / 1e6 / ALONE);
  }
}
