package io.sedd.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.sedd.launcher.SeddProcess;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.worker.RunningWorker;
import io.sedd.worker.Worker;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import io.sedd.worker.delivery.Jobs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every query of dashboards and rules, asked of a Prometheus that scrapes a worker under load and a
 * training run. A query must have given a finite number at some second; no alert may fire.
 */
@ExtendWith(BrokerExtension.class)
class LiveQueriesTest {

  /** The slowest, a mean over steps of 15 s, takes 15 s on an idle machine. */
  private static final Duration LIMIT = Duration.ofSeconds(120);

  private static final String TEXT = "The cat sat on the mat.\n<|endoftext|>\nThe dog stood.\n";

  @TempDir private Path folder;

  @Test
  void everyQueryOfDashboardsAndRulesReturnsDataAndNoAlertFires(KafkaSite site) throws Exception {
    PrometheusTool.find("prometheus");
    Path checkpoints = Files.createDirectory(folder.resolve("checkpoints"));
    var store = new FileSystemCheckpointStore(checkpoints);
    TinyCheckpoints.publish(store, "first", 1);
    int metricsPort = LivePrometheus.freePort();
    try (Worker worker = RunningWorker.start(site, checkpoints);
        SeddProcess trainer = training(metricsPort);
        LivePrometheus prometheus =
            new LivePrometheus(folder, worker.httpAddress().getPort(), metricsPort)) {
      trainer.await(() -> until(prometheus, "sedd_training_step > 3"));
      // a reload under load; one that the first scrape of the worker counted already has no rate
      trainer.await(() -> until(prometheus, "sedd_reloads_total > 0"));
      TinyCheckpoints.publish(store, "second", 2);
      Map<String, String> pending = new TreeMap<>(Queries.ofDashboards());
      pending.putAll(Queries.ofRules());
      int sent = 0;
      for (long end = System.nanoTime() + LIMIT.toNanos(); !pending.isEmpty(); ) {
        site.send(Jobs.jobs("load-" + sent++, 20));
        for (String where : List.copyOf(pending.keySet())) {
          if (prometheus.hasData(pending.get(where))) {
            pending.remove(where);
          }
        }
        assertFalse(System.nanoTime() - end > 0, () -> "no data for " + pending);
      }
      assertEquals(List.of(), firing(prometheus));
      assertFalse(prometheus.hasData("sedd_jobs_total{outcome=\"unheard of\"}"));
      for (String path : List.of("/health/started", "/health/live", "/health/ready", "/metrics")) {
        assertEquals(200, RunningWorker.get(worker, path).statusCode(), path);
      }
    }
  }

  private SeddProcess training(int metricsPort) throws Exception {
    Path text = Files.writeString(folder.resolve("text.txt"), TEXT.repeat(40));
    Path configuration =
        Files.writeString(
            folder.resolve("train.yaml"),
            """
            corpus: {train: [%1$s], heldOut: [%1$s]}
            tokenizer: {kind: bytes}
            model: {length: 16, hidden: 32, conditioning: 16, blocks: 1, heads: 2}
            batch: {sequences: 4}
            run: {steps: 1000000, evaluateEvery: 100, checkpointEvery: 1000}
            evaluation: {sequences: 4}
            checkpoints: {folder: %2$s}
            backend: {name: reference, threads: 1}
            """
                .formatted(text, folder.resolve("trained")));
    return new SeddProcess(
        folder.resolve("train.log"),
        List.of("train", "--config", configuration.toString(), "--metrics-port", "" + metricsPort));
  }

  private static boolean until(LivePrometheus prometheus, String query) {
    try {
      return prometheus.ready() && prometheus.hasData(query);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Names of alerts that fire; one whose condition must last may be pending for a moment. */
  private static List<String> firing(LivePrometheus prometheus) throws Exception {
    TreeSet<String> names = new TreeSet<>();
    for (JsonNode alert : prometheus.api("alerts").path("alerts")) {
      if (alert.path("state").asText().equals("firing")) {
        names.add(alert.path("labels").path("alertname").asText());
      }
    }
    return List.copyOf(names);
  }
}
