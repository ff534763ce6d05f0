package io.sedd.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.DurableFiles;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.Corruption;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.metrics.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** New checkpoints under a worker that is at work. */
@ExtendWith(BrokerExtension.class)
class HotReloadTest {

  @TempDir private Path folder;

  @Test
  void aCheckpointSwappedUnderLoadLosesNoJobAndEveryResultNamesTheOneThatWroteIt(KafkaSite site)
      throws Exception {
    FileSystemCheckpointStore store = new FileSystemCheckpointStore(folder);
    TinyCheckpoints.publish(store, "step-00000001", 1);
    String firstHash = store.open("step-00000001").sha256();
    List<GenerationJob> jobs = Jobs.jobs("job", 150);
    try (Worker worker = RunningWorker.start(site, folder)) {
      site.send(jobs.subList(0, 60));
      site.awaitResults(10);
      TinyCheckpoints.publish(store, "step-00000002", 2);
      site.send(jobs.subList(60, 100));
      waiting().until(() -> serves(worker, "step-00000002"));
      site.send(jobs.subList(100, 150));
      List<GenerationResult> results = site.awaitResults(150);
      assertEquals(150, results.stream().map(GenerationResult::jobId).distinct().count());
      assertEquals(150, results.size());
      Map<String, String> hashes =
          results.stream()
              .map(result -> result.checkpoint().orElseThrow())
              .collect(Collectors.toMap(c -> c.name(), c -> c.sha256(), (a, b) -> checkSame(a, b)));
      assertEquals(
          Map.of("step-00000001", firstHash, "step-00000002", store.open("step-00000002").sha256()),
          hashes);
    }
  }

  @Test
  void aBrokenCheckpointIsRefusedOnceAndTheOldOneGoesOnServing(KafkaSite site, @TempDir Path other)
      throws Exception {
    FileSystemCheckpointStore store = new FileSystemCheckpointStore(folder);
    TinyCheckpoints.publish(store, "good", 1);
    try (Worker worker = RunningWorker.start(site, folder)) {
      waiting().until(() -> serves(worker, "good"));
      int refused = 0;
      for (Corruption corruption : Corruption.values()) {
        String name = corruption.name();
        bring(corruption, other.resolve(name), name);
        int soFar = ++refused;
        waiting().until(() -> worker.metrics().value(Metric.RELOADS, "refused") == soFar);
        String why = worker.checkpoints().refused().orElseThrow();
        assertTrue(why.contains(name), why);
        assertEquals("good", worker.checkpoints().serving().orElseThrow());

        site.send(Jobs.job("beside-" + name));
        GenerationResult result =
            site.awaitResults(refused).stream()
                .filter(r -> r.jobId().equals("beside-" + name))
                .findFirst()
                .orElseThrow();
        assertEquals(Outcome.COMPLETED, result.outcome());
        assertEquals("good", result.checkpoint().orElseThrow().name());
      }
      var ready = RunningWorker.get(worker, "/health/ready");
      assertEquals(200, ready.statusCode());
      assertTrue(ready.body().contains("is refused"), ready::body);
      // the same files were looked at many times since and not tried again
      assertEquals(refused, worker.metrics().value(Metric.RELOADS, "refused"));

      TinyCheckpoints.publish(store, "better", 2);
      waiting().until(() -> serves(worker, "better"));
      assertTrue(worker.checkpoints().refused().isEmpty());
    }
  }

  @Test
  void anAnnouncedCheckpointIsLookedForAtOnce(KafkaSite site) throws Exception {
    FileSystemCheckpointStore store = new FileSystemCheckpointStore(folder);
    TinyCheckpoints.publish(store, "first", 1);
    String topic = site.group() + "-checkpoints";
    site.admin().createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
    try (Worker worker =
            RunningWorker.start(
                site, folder, "checkpoints.interval=1h", "checkpoints.announcements=" + topic);
        Producer<byte[], byte[]> producer = site.clients("trainer").plainProducer()) {
      waiting().until(() -> serves(worker, "first"));
      TinyCheckpoints.publish(store, "second", 2);
      producer.send(new ProducerRecord<>(topic, "not a name".getBytes(UTF_8))).get();
      producer.send(new ProducerRecord<>(topic, "second".getBytes(UTF_8))).get();
      waiting().until(() -> serves(worker, "second"));
    }
  }

  @Test
  void aTopicOfAnnouncementsThatDoesNotExistIsSaidAtTheStart(KafkaSite site) throws Exception {
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class,
            () -> RunningWorker.start(site, folder, "checkpoints.announcements=no-such").close());
    assertTrue(refused.getMessage().contains("'no-such'"), refused.getMessage());
  }

  @Test
  void theWholeStoreMayVanishUnderAWorkerThatServes(KafkaSite site) throws Exception {
    TinyCheckpoints.publish(new FileSystemCheckpointStore(folder), "first", 1);
    try (Worker worker = RunningWorker.start(site, folder)) {
      site.send(Jobs.jobs("before", 40));
      site.awaitResults(5);
      DurableFiles.deleteTree(folder);
      waiting().until(() -> worker.checkpoints().refused().isPresent());
      site.send(Jobs.jobs("after", 40));
      List<GenerationResult> results = site.awaitResults(80);
      assertEquals(80, results.stream().map(GenerationResult::jobId).distinct().count());
      assertTrue(results.stream().allMatch(r -> r.outcome() == Outcome.COMPLETED));
    }
  }

  @Test
  void anOperatorPinsUnpinsAndRollsBack(KafkaSite site) throws Exception {
    String token = "0123456789abcdef0123456789abcdef";
    FileSystemCheckpointStore store = new FileSystemCheckpointStore(folder);
    TinyCheckpoints.publish(store, "first", 1);
    try (Worker worker = RunningWorker.start(site, folder, "admin.token=" + token)) {
      waiting().until(() -> serves(worker, "first"));
      String pin = "{\"checkpoint\": \"first\"}";
      assertEquals(200, RunningWorker.admin(worker, "POST", "pin", token, pin).statusCode());
      TinyCheckpoints.publish(store, "second", 2);
      assertTrue(RunningWorker.admin(worker, "POST", "reload", token, "").statusCode() >= 400);
      assertTrue(serves(worker, "first"));
      assertEquals(200, RunningWorker.admin(worker, "POST", "unpin", token, "").statusCode());
      assertTrue(serves(worker, "second"));
      assertEquals(200, RunningWorker.admin(worker, "POST", "rollback", token, "").statusCode());
      assertTrue(serves(worker, "first"));
      String ready = RunningWorker.get(worker, "/health/ready").body();
      assertTrue(ready.contains("serves first, rolled back from second"), ready);
      site.send(Jobs.job("back"));
      assertEquals("first", site.awaitResults(1).getFirst().checkpoint().orElseThrow().name());
    }
  }

  /** Makes a broken checkpoint elsewhere and moves it in, as a bad copy would come. */
  private void bring(Corruption corruption, Path elsewhere, String name) throws IOException {
    corruption.publish(new FileSystemCheckpointStore(elsewhere), elsewhere);
    Files.move(elsewhere.resolve(Corruption.NAME), folder.resolve(name));
    Path latest = Files.writeString(elsewhere.resolve("LATEST"), name + "\n");
    Files.move(latest, folder.resolve("LATEST"), StandardCopyOption.REPLACE_EXISTING);
  }

  private static boolean serves(Worker worker, String name) {
    return worker.checkpoints().serving().filter(name::equals).isPresent();
  }

  private static String checkSame(String a, String b) {
    assertEquals(a, b);
    return a;
  }

  private static ConditionFactory waiting() {
    return await().atMost(KafkaSite.LIMIT).pollInterval(Duration.ofMillis(20));
  }
}
