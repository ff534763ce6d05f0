package io.sedd.worker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import io.sedd.worker.delivery.Jobs;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A worker process and SIGTERM. */
@ExtendWith(BrokerExtension.class)
class SignalTest {

  /** As a shell shows it: 128 + 15. */
  private static final int ENDED_BY_SIGTERM = 143;

  @TempDir private Path folder;

  @BeforeEach
  void publishACheckpoint() throws Exception {
    TinyCheckpoints.publish(
        new FileSystemCheckpointStore(folder.resolve("checkpoints")), "first", 1);
  }

  @Test
  void onSigtermTheProcessConfirmsWhatEndsInTimeLeavesTheRestAndExitsWithZero(KafkaSite site)
      throws Exception {
    List<GenerationJob> jobs =
        IntStream.range(0, 40)
            .mapToObj(i -> Jobs.withSteps(Jobs.job("job-" + i), 100 + 100 * i))
            .toList();
    site.send(jobs);
    try (WorkerProcess process = start(site, "1s")) {
      awaitJobsInFlight(process.awaitAddress());
      process.terminate();
      assertEquals(0, process.awaitExit(), process::output);
      assertTrue(process.output().contains("drained in"), process::output);
    }
    int confirmed = site.results().size();
    assertTrue(confirmed < 40, "the jobs are too short");
    try (Worker _ = RunningWorker.start(site, folder.resolve("checkpoints"), "name=other")) {
      List<GenerationResult> results = site.awaitResults(40);
      assertEquals(40, results.size());
      assertEquals(40, results.stream().map(GenerationResult::jobId).distinct().count());
    }
  }

  @Test
  void aSecondSigtermEndsTheProcessAtOnce(KafkaSite site) throws Exception {
    site.send(
        IntStream.range(0, 40)
            .mapToObj(i -> Jobs.withSamples(Jobs.withSteps(Jobs.job("job-" + i), 4096), 16))
            .toList());
    try (WorkerProcess process = start(site, "1h")) {
      awaitJobsInFlight(process.awaitAddress());
      process.terminate();
      await().atMost(KafkaSite.LIMIT).until(() -> process.output().contains("draining"));
      process.terminate();
      assertEquals(ENDED_BY_SIGTERM, process.awaitExit(), process::output);
    }
  }

  private WorkerProcess start(KafkaSite site, String stopLimit) throws Exception {
    return WorkerProcess.start(
        site,
        folder.resolve("checkpoints"),
        folder.resolve("output"),
        "name=child",
        "delivery.stopLimit=" + stopLimit);
  }

  private static void awaitJobsInFlight(URI worker) {
    await()
        .atMost(KafkaSite.LIMIT)
        .until(() -> metrics(worker).matches("(?s).*\\nsedd_jobs_in_flight [1-9].*"));
  }

  private static String metrics(URI worker) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(worker.resolve("/metrics")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
