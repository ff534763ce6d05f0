package io.sedd.worker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import io.sedd.worker.configuration.WorkerConfiguration.DeliveryMode;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.metrics.Metric;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker that leaves in the middle of its work, and one that takes over. */
@ExtendWith(BrokerExtension.class)
class DrainTest {

  private static final Logger log = LoggerFactory.getLogger(DrainTest.class);
  private static final int JOBS = 200;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

  @ParameterizedTest
  @EnumSource
  void ofTwoHundredJobsInFlightThoseThatEndInTimeAreConfirmedAndTheRestEndsElsewhereNoneTwice(
      DeliveryMode mode, KafkaSite site, @TempDir Path checkpoints) throws Exception {
    TinyCheckpoints.publish(new FileSystemCheckpointStore(checkpoints), "first", 1);
    // of many lengths: at any speed some end within the limit and some do not
    List<GenerationJob> jobs =
        IntStream.range(0, JOBS)
            .mapToObj(i -> Jobs.withSteps(Jobs.job("job-" + i), 20 + 5 * i))
            .toList();
    site.send(jobs);
    Set<String> inTime;
    try (Worker leaving = start(mode, site, checkpoints, "leaving")) {
      await()
          .atMost(KafkaSite.LIMIT)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> leaving.metrics().value(Metric.JOBS_IN_FLIGHT) == JOBS);
      long begin = System.nanoTime();
      assertTrue(leaving.drain());
      leaving.drained().get(KafkaSite.LIMIT.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
      log.info(
          "left after {} ms of {} ms",
          (System.nanoTime() - begin) / 1_000_000,
          STOP_LIMIT.toMillis());
      inTime = ids(site.results());
      assertTrue(inTime.size() < JOBS, "nothing was left to others: the jobs are too short");
    }
    List<GenerationResult> results;
    try (Worker _ = start(mode, site, checkpoints, "other")) {
      results = site.awaitResults(JOBS);
    }
    assertEquals(JOBS, results.size(), "results, doubled ones included");
    assertEquals(jobs.stream().map(GenerationJob::id).collect(Collectors.toSet()), ids(results));
    assertEquals(inTime, ids(results.stream().filter(r -> r.worker().equals("leaving")).toList()));
    results.forEach(result -> assertEquals(Outcome.COMPLETED, result.outcome(), result::jobId));
    log.info("{} of {} jobs ended in the leaving worker", inTime.size(), JOBS);
    assertEquals(List.of(), site.await(site.topics().deadLetters(), 0));
  }

  private static Worker start(DeliveryMode mode, KafkaSite site, Path checkpoints, String name)
      throws InterruptedException {
    return RunningWorker.start(
        site,
        checkpoints,
        "name=" + name,
        "delivery.mode=" + mode.name().toLowerCase(Locale.ROOT).replace('_', '-'),
        "delivery.shareGroup.configure=true",
        "batch.maxRows=2048",
        "kafka.max.poll.records=500",
        "delivery.stopLimit=" + STOP_LIMIT.toMillis() + "ms");
  }

  private static Set<String> ids(List<GenerationResult> results) {
    Set<String> ids = new HashSet<>();
    results.forEach(
        result -> assertTrue(ids.add(result.jobId()), () -> "two results of " + result.jobId()));
    return ids;
  }
}
