package io.sedd.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.client.ClientOptions;
import io.sedd.protocol.client.SeddClient;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobDefaults;
import io.sedd.protocol.job.JobProgress;
import io.sedd.protocol.job.Segment;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.delivery.MixedJobs;
import io.sedd.worker.metrics.Metric;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole way of a job on a real broker, with a tiny random network. */
@ExtendWith(BrokerExtension.class)
class WorkerTest {

  @TempDir private Path checkpoints;

  @BeforeEach
  void publishACheckpoint() throws Exception {
    TinyCheckpoints.publish(new FileSystemCheckpointStore(checkpoints), "first", 1);
  }

  @Test
  void ofTwoHundredMixedJobsNoneIsLostAndNoneDoubled(KafkaSite site) throws Exception {
    List<GenerationJob> jobs = IntStream.range(0, 200).mapToObj(MixedJobs::mixed).toList();
    try (Worker _ = RunningWorker.start(site, checkpoints)) {
      for (int i = 0; i < 200; i++) {
        site.send(jobs.get(i));
        if (i % 20 == 0) {
          site.sendRaw("bad-" + i, ("{\"id\":\"bad-" + i + "\"}").getBytes(UTF_8));
          site.sendRaw(null, ("no json " + i).getBytes(UTF_8));
        }
      }
      Map<String, GenerationResult> results = byId(site.awaitResults(210));
      assertEquals(20, site.await(site.topics().deadLetters(), 20).size());
      for (GenerationJob job : jobs) {
        GenerationResult result = results.remove(job.id());
        assertEquals(Outcome.COMPLETED, result.outcome(), job::id);
        assertEquals("first", result.checkpoint().orElseThrow().name());
        assertEquals(job.metadata(), result.metadata());
        assertEquals(job.samples(), result.samples().size());
        result.samples().forEach(sample -> assertKeepsWhatIsGiven(job, sample));
      }
      results.values().forEach(result -> assertEquals(Outcome.FAILED, result.outcome()));
      assertEquals(10, results.size());
    }
  }

  @Test
  void theSameSeedGivesTheSameTextWhoeverSharesTheBatch(KafkaSite site) throws Exception {
    try (Worker worker = RunningWorker.start(site, checkpoints);
        SeddClient client =
            SeddClient.open(
                ClientOptions.of(site.bootstrapServers())
                    .withTopics(site.topics())
                    .withTimeout(KafkaSite.LIMIT))) {
      GenerationResult alone = client.sendAndAwait(seeded("alone", 7));
      site.send(IntStream.range(0, 20).mapToObj(MixedJobs::mixed).toList());
      CompletableFuture<GenerationResult> second = client.send(seeded("in company", 7));
      GenerationResult other = client.sendAndAwait(seeded("other", 8));
      GenerationResult inCompany = second.join();
      assertEquals(alone.samples().getFirst().tokens(), inCompany.samples().getFirst().tokens());
      assertTrue(!alone.samples().getFirst().tokens().equals(other.samples().getFirst().tokens()));
      assertEquals("tested", worker.name());
    }
  }

  @Test
  void aRunningJobIsCancelledThroughTheControlTopicAndAnotherExpires(KafkaSite site)
      throws Exception {
    try (Worker _ = RunningWorker.start(site, checkpoints)) {
      GenerationJob endless =
          Jobs.withProgress(Jobs.withSamples(Jobs.withSteps(longJob("endless"), 4096), 64), 16);
      site.send(endless);
      JobProgress progress =
          JobCodec.decodeProgress(site.awaitFirst(site.topics().progress()).value()).orElseThrow();
      assertEquals("endless", progress.jobId());
      site.cancel("endless");
      GenerationResult cancelled = site.awaitResults(1).getFirst();
      assertEquals(Outcome.CANCELLED, cancelled.outcome());
      assertEquals(64, cancelled.samples().size());
      assertTrue(cancelled.samples().getFirst().text().contains("_"));

      site.send(
          Jobs.withDeadline(
              Jobs.withSamples(Jobs.withSteps(longJob("late"), 4096), 64),
              Instant.now().plusSeconds(1)));
      GenerationResult expired = byId(site.awaitResults(2)).get("late");
      assertEquals(Outcome.EXPIRED, expired.outcome());
    }
  }

  @Test
  void aWorkerThatIsStoppedFinishesWhatRunsAndLeavesTheRest(KafkaSite site) throws Exception {
    List<GenerationJob> jobs =
        IntStream.range(0, 40).mapToObj(i -> Jobs.withSteps(longJob("job-" + i), 200)).toList();
    Worker worker = RunningWorker.start(site, checkpoints);
    site.send(jobs);
    waiting().until(() -> worker.metrics().value(Metric.JOBS_IN_FLIGHT) > 0);
    worker.close();
    int settled = site.results().size();
    assertTrue(settled < 40, () -> settled + " jobs were done before the stop");
    try (Worker _ = RunningWorker.start(site, checkpoints)) {
      assertEquals(40, byId(site.awaitResults(40)).size());
    }
  }

  @Test
  void healthAndMetricsTellHowItIsDoing(KafkaSite site, @TempDir Path empty) throws Exception {
    try (Worker worker = RunningWorker.start(site, empty)) {
      assertEquals(200, RunningWorker.get(worker, "/health/live").statusCode());
      assertEquals(503, RunningWorker.get(worker, "/health/started").statusCode());
      waiting()
          .untilAsserted(
              () -> {
                var ready = RunningWorker.get(worker, "/health/ready");
                assertEquals(503, ready.statusCode());
                assertTrue(ready.body().contains("no checkpoint is named in"), ready::body);
              });
      TinyCheckpoints.publish(new FileSystemCheckpointStore(empty), "second", 2);
      waiting()
          .untilAsserted(
              () -> assertEquals(200, RunningWorker.get(worker, "/health/ready").statusCode()));
      assertEquals(200, RunningWorker.get(worker, "/health/started").statusCode());
      site.send(Jobs.job("job"));
      site.awaitResults(1);
      waiting()
          .untilAsserted(
              () -> {
                String page = RunningWorker.get(worker, "/metrics").body();
                assertTrue(
                    page.contains("sedd_jobs_total{outcome=\"completed\",kind=\"free\",} 1.0"),
                    page);
                assertTrue(page.contains("sedd_checkpoint_info{id=\"second\""), page);
                assertTrue(page.contains("jvm_memory_bytes_used"), page);
              });
      assertEquals(404, RunningWorker.get(worker, "/nothing").statusCode());
      assertTrue(RunningWorker.get(worker, "/").body().contains("/metrics"));
    }
  }

  @Test
  void aWorkerWithoutItsTopicsSaysWhichAreMissing(KafkaSite site) {
    IllegalStateException missing =
        assertThrows(
            IllegalStateException.class,
            () -> RunningWorker.start(site, checkpoints, "topics.results=not.there"));
    assertTrue(missing.getMessage().contains("[not.there]"), missing::getMessage);
  }

  private static GenerationJob longJob(String id) {
    return JobDefaults.job(id, List.of(new Segment.Blank(TinyCheckpoints.LENGTH)));
  }

  private static GenerationJob seeded(String id, long seed) {
    GenerationJob job = JobDefaults.job(id, List.of(new Segment.Text("a"), new Segment.Blank(20)));
    return with(job, 16, seed, Map.of());
  }

  private static GenerationJob with(
      GenerationJob job, int steps, long seed, Map<String, String> metadata) {
    return new GenerationJob(
        job.id(),
        job.template(),
        job.samples(),
        steps,
        job.predictor(),
        job.temperature(),
        job.topP(),
        java.util.OptionalLong.of(seed),
        job.priority(),
        job.deadline(),
        job.queueTtl(),
        job.progressEvery(),
        metadata);
  }

  private static void assertKeepsWhatIsGiven(GenerationJob job, GenerationResult.Sample sample) {
    int at = 0;
    for (Segment segment : job.template()) {
      List<Integer> given = new ArrayList<>();
      switch (segment) {
        case Segment.Text(String text) -> {
          for (byte b : text.getBytes(UTF_8)) {
            given.add(b & 0xFF);
          }
        }
        case Segment.Tokens(List<Integer> tokens) -> given.addAll(tokens);
        case Segment.Blank(int length) -> {
          at += length;
          continue;
        }
      }
      assertEquals(given, sample.tokens().subList(at, at + given.size()), job::id);
      at += given.size();
    }
    assertEquals(at, sample.tokens().size());
    assertTrue(sample.tokens().stream().allMatch(token -> token < 257), job::id);
  }

  private static Map<String, GenerationResult> byId(List<GenerationResult> results) {
    Map<String, GenerationResult> byId = new HashMap<>();
    for (GenerationResult result : results) {
      assertTrue(
          byId.put(result.jobId(), result) == null, () -> "two results for " + result.jobId());
    }
    return byId;
  }

  private static ConditionFactory waiting() {
    return await().atMost(KafkaSite.LIMIT).pollInterval(Duration.ofMillis(20));
  }
}
