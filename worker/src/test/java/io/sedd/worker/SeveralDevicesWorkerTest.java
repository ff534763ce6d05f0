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
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.delivery.MixedJobs;
import io.sedd.worker.metrics.Metric;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A whole worker of two devices on a real broker, with a tiny random network. */
@ExtendWith(BrokerExtension.class)
class SeveralDevicesWorkerTest {

  private static final String TWO = "backend.devices=2,5";
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  @TempDir private Path checkpoints;

  @BeforeEach
  void publishACheckpoint() throws Exception {
    TinyCheckpoints.publish(new FileSystemCheckpointStore(checkpoints), "first", 1);
  }

  @Test
  void ofTwoHundredMixedJobsNoneIsLostOrDoubledAndTextsAreThoseOfOneDevice(KafkaSite site)
      throws Exception {
    List<GenerationJob> jobs = IntStream.range(0, 200).mapToObj(MixedJobs::mixed).toList();
    site.send(jobs);
    try (Worker _ = RunningWorker.start(site, checkpoints, "name=single")) {
      site.awaitResults(200);
    }
    site.send(jobs);
    try (Worker worker =
        RunningWorker.start(site, checkpoints, TWO, "name=several", "admin.token=" + TOKEN)) {
      List<GenerationResult> results = site.awaitResults(400);
      assertEquals(400, results.size());
      Map<String, GenerationResult> single = of("single", results);
      Map<String, GenerationResult> several = of("several", results);
      for (GenerationJob job : jobs) {
        GenerationResult result = several.get(job.id());
        assertEquals(Outcome.COMPLETED, result.outcome(), job::id);
        assertEquals(single.get(job.id()).samples(), result.samples(), job::id);
      }
      assertShowsBothDevices(worker);
    }
  }

  private static void assertShowsBothDevices(Worker worker) throws Exception {
    String page = RunningWorker.get(worker, "/metrics").body();
    for (String device : List.of("2", "5")) {
      assertTrue(worker.metrics().value(Metric.DENOISE_STEPS, device) > 0, device);
      assertTrue(page.contains("sedd_batch_fill_ratio{device=\"" + device + "\",}"), page);
    }
    JsonObject batch =
        new JsonObject(RunningWorker.admin(worker, "GET", "status", TOKEN, "").body())
            .getJsonObject("batch");
    assertEquals(1024, batch.getInteger("maxRows"));
    JsonArray devices = batch.getJsonArray("devices");
    assertEquals(2, devices.getJsonObject(0).getInteger("device"));
    assertEquals(5, devices.getJsonObject(1).getInteger("device"));
    assertEquals(
        batch.getLong("steps"),
        devices.getJsonObject(0).getLong("steps") + devices.getJsonObject(1).getLong("steps"));
    JsonObject state = new JsonObject(RunningWorker.get(worker, "/page/state").body());
    String about = state.getJsonObject("about").getString("device");
    assertTrue(about.contains("device 2: ") && about.contains("device 5: "), about);
  }

  private static Map<String, GenerationResult> of(String worker, List<GenerationResult> results) {
    Map<String, GenerationResult> byId = new HashMap<>();
    for (GenerationResult result : results) {
      if (result.worker().equals(worker)) {
        assertTrue(
            byId.put(result.jobId(), result) == null, () -> "two results for " + result.jobId());
      }
    }
    return byId;
  }

  @Test
  void runningJobsAreCancelledThroughTheControlTopicOnEitherDevice(KafkaSite site)
      throws Exception {
    try (Worker worker = RunningWorker.start(site, checkpoints, TWO)) {
      List<GenerationJob> endless =
          Jobs.jobs("endless", 4).stream().map(SeveralDevicesWorkerTest::endless).toList();
      site.send(endless);
      waiting().until(() -> rows(worker, "2") == 16 * 8 && rows(worker, "5") == 16 * 8);
      endless.forEach(job -> site.cancel(job.id()));
      List<GenerationResult> results = site.awaitResults(4);
      results.forEach(result -> assertEquals(Outcome.CANCELLED, result.outcome()));
      waiting().until(() -> rows(worker, "2") == 0 && rows(worker, "5") == 0);
    }
  }

  private static GenerationJob endless(GenerationJob job) {
    return Jobs.withSamples(Jobs.withSteps(job, 4096), 8);
  }

  private static double rows(Worker worker, String device) {
    return worker.metrics().value(Metric.BATCH_ROWS, device);
  }

  @Test
  void jobsOfBothDevicesEndInTimeOrElsewhereWhenTheWorkerDrains(KafkaSite site) throws Exception {
    int count = 120;
    List<GenerationJob> jobs =
        IntStream.range(0, count)
            .mapToObj(i -> Jobs.withSteps(Jobs.job("job-" + i), 20 + 8 * i))
            .toList();
    site.send(jobs);
    try (Worker leaving =
        RunningWorker.start(
            site,
            checkpoints,
            TWO,
            "name=leaving",
            "kafka.max.poll.records=500",
            "batch.maxRows=1024",
            "delivery.stopLimit=2s")) {
      waiting().until(() -> rows(leaving, "2") > 0 && rows(leaving, "5") > 0);
      assertTrue(leaving.drain());
      leaving.drained().get(KafkaSite.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
    try (Worker _ = RunningWorker.start(site, checkpoints, TWO, "name=other")) {
      List<GenerationResult> results = site.awaitResults(count);
      assertEquals(count, results.size());
      assertEquals(count, results.stream().map(GenerationResult::jobId).distinct().count());
      results.forEach(result -> assertEquals(Outcome.COMPLETED, result.outcome()));
      assertEquals(List.of(), site.await(site.topics().deadLetters(), 0));
    }
  }

  @Test
  void aCheckpointSwappedUnderLoadLosesNoJobOnEitherDevice(KafkaSite site) throws Exception {
    FileSystemCheckpointStore store = new FileSystemCheckpointStore(checkpoints);
    List<GenerationJob> jobs = Jobs.jobs("job", 200);
    try (Worker worker = RunningWorker.start(site, checkpoints, TWO)) {
      site.send(jobs.subList(0, 100));
      site.awaitResults(10);
      TinyCheckpoints.publish(store, "second", 2);
      waiting().until(() -> worker.checkpoints().serving().filter("second"::equals).isPresent());
      site.send(jobs.subList(100, 200));
      List<GenerationResult> results = site.awaitResults(200);
      assertEquals(200, results.size());
      assertEquals(200, results.stream().map(GenerationResult::jobId).distinct().count());
      for (GenerationResult result : results) {
        String name = result.checkpoint().orElseThrow().name();
        assertEquals(store.open(name).sha256(), result.checkpoint().orElseThrow().sha256());
        boolean late = Integer.parseInt(result.jobId().substring(4)) >= 100;
        assertTrue(!late || name.equals("second"), () -> result.jobId() + " ran on " + name);
      }
    }
  }

  @Test
  void eachDeviceOfTheDefaultBackendIsAPartOfTheProcessors(KafkaSite site) throws Exception {
    site.send(IntStream.range(0, 60).mapToObj(MixedJobs::mixed).toList());
    try (Worker worker =
        RunningWorker.start(
            site, checkpoints, "backend.name=nd4j", "backend.devices=0,1", "backend.threads=2")) {
      site.awaitResults(60).forEach(r -> assertEquals(Outcome.COMPLETED, r.outcome()));
      assertTrue(worker.metrics().value(Metric.DENOISE_STEPS, "0") > 0);
      assertTrue(worker.metrics().value(Metric.DENOISE_STEPS, "1") > 0);
    }
  }

  @Test
  void theThreadsAreSharedOutWithoutARest() {
    assertEquals(
        List.of(3, 3, 2), IntStream.range(0, 3).mapToObj(i -> OpenDevices.share(8, 3, i)).toList());
    assertEquals(1, OpenDevices.share(2, 8, 7));
  }

  private static ConditionFactory waiting() {
    return await().atMost(KafkaSite.LIMIT).pollInterval(Duration.ofMillis(5));
  }
}
