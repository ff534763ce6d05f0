package io.sedd.worker.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.protocol.job.DeadLetterHeader;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobDefaults;
import io.sedd.protocol.job.JobLimits;
import io.sedd.protocol.job.Segment;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.FlatScores;
import io.sedd.worker.denoising.CheckpointRack;
import io.sedd.worker.denoising.DenoisingLoop;
import io.sedd.worker.denoising.DenoisingSettings;
import io.sedd.worker.denoising.Device;
import io.sedd.worker.intake.IntakeSettings;
import io.sedd.worker.intake.JobReader;
import io.sedd.worker.intake.SourceParts;
import io.sedd.worker.intake.TransactionalJobSource;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.SettlementRecords;
import io.sedd.worker.scheduling.JobScheduler;
import io.sedd.worker.scheduling.QueueSettings;
import io.sedd.worker.scheduling.RetryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** From topic to topic on a real broker, with a network that fails on some of the jobs. */
@ExtendWith(BrokerExtension.class)
@SuppressWarnings("try") // closing a worker may be interrupted
class FailingJobsTest {

  private static final int ATTEMPTS = 3;
  private static final int ROWS = 128;
  private static final int POISON = 64;

  @Test
  void everyJobHasOneResultAndTheFailingOnesAreDeadLettersWithTheirAttempts(KafkaSite site)
      throws InterruptedException {
    List<GenerationJob> jobs = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String text = i % 40 == 7 ? "@" : "a";
      jobs.add(
          Jobs.withSteps(
              JobDefaults.job("job-" + i, List.of(new Segment.Text(text), new Segment.Blank(8))),
              1 + i % 7));
    }
    site.send(jobs);
    List<GenerationResult> results;
    List<ConsumerRecord<byte[], byte[]>> letters;
    try (PoisonedWorker _ = new PoisonedWorker(site)) {
      results = site.awaitResults(jobs.size());
      letters = site.await(site.topics().deadLetters(), 5);
    }
    assertEquals(jobs.size(), results.size());
    Map<Outcome, List<GenerationResult>> byOutcome =
        results.stream().collect(groupingBy(GenerationResult::outcome));
    assertEquals(195, byOutcome.get(Outcome.COMPLETED).size());
    assertEquals(5, byOutcome.get(Outcome.FAILED).size());
    assertEquals(5, letters.size());
    for (ConsumerRecord<byte[], byte[]> letter : letters) {
      GenerationJob job = jobOf(letter, jobs);
      assertEquals(new Segment.Text("@"), job.template().getFirst());
      assertArrayEquals(JobCodec.encode(job), letter.value());
      assertEquals(String.valueOf(ATTEMPTS), header(letter, DeadLetterHeader.ATTEMPT));
      assertEquals("device", header(letter, DeadLetterHeader.ERROR_CODE));
    }
  }

  private static GenerationJob jobOf(
      ConsumerRecord<byte[], byte[]> letter, List<GenerationJob> jobs) {
    String id = new String(letter.key(), UTF_8);
    return jobs.stream().filter(job -> job.id().equals(id)).findAny().orElseThrow();
  }

  private static String header(ConsumerRecord<byte[], byte[]> letter, DeadLetterHeader header) {
    return new String(letter.headers().lastHeader(header.key()).value(), UTF_8);
  }

  private static void failOnPoison(NetworkInput input) {
    for (int s = 0; s < input.layout().sequences(); s++) {
      if (input.tokens()[input.layout().start(s)] == POISON) {
        throw new IllegalStateException("poison");
      }
    }
  }

  /** All stages of a worker, on scores that throw where a sequence begins with {@code @}. */
  private static final class PoisonedWorker implements AutoCloseable {

    private final Backend backend = new ReferenceBackend();
    private final TransactionalJobSource source;
    private final DenoisingLoop loop;
    private final Thread thread;

    PoisonedWorker(KafkaSite site) {
      Results results = new Results("poisoned");
      WorkerMetrics metrics = new WorkerMetrics();
      Clock clock = Clock.systemUTC();
      var checkpoint =
          new FlatScores(backend, FailingJobsTest::failOnPoison).served("none", () -> {});
      source =
          new TransactionalJobSource(
              new SourceParts(
                  site.clients("poisoned"),
                  new JobReader(JobLimits.defaults(), checkpoint::encoder, results),
                  new SettlementRecords(site.topics(), results, 1 << 20, Clock.systemUTC()),
                  metrics,
                  clock,
                  (_, _) -> {},
                  _ -> {}),
              new IntakeSettings(site.topics().jobs(), ATTEMPTS, Duration.ofSeconds(2)));
      JobScheduler scheduler =
          new JobScheduler(
              new QueueSettings(
                  1 << 20,
                  1 << 20,
                  Duration.ofSeconds(30),
                  new RetryPolicy(ATTEMPTS, Duration.ofMillis(10))),
              ROWS,
              source,
              results,
              metrics,
              clock);
      CheckpointRack rack = new CheckpointRack(1);
      loop =
          new DenoisingLoop(
              new Device(0, 0, backend),
              new DenoisingSettings(ROWS, Duration.ofMillis(500)),
              scheduler,
              rack,
              results,
              _ -> {},
              metrics,
              clock,
              _ -> {});
      thread = Thread.ofPlatform().start(loop);
      rack.serve(checkpoint);
      source.start(scheduler);
    }

    @Override
    public void close() throws InterruptedException {
      source.stop(Duration.ZERO);
      loop.stop();
      thread.join();
      backend.close();
    }
  }
}
