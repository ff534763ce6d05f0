package io.sedd.worker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.metrics.Metric;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an operator can tell a worker over HTTP, and what others cannot. */
@ExtendWith(BrokerExtension.class)
class AdminTest {

  private static final String TOKEN = "a-token-of-this-test-only";

  @TempDir private Path checkpoints;

  @BeforeEach
  void publishACheckpoint() throws Exception {
    TinyCheckpoints.publish(new FileSystemCheckpointStore(checkpoints), "first", 1);
  }

  @Test
  void withoutATokenThereAreNoCommandsAndTheWorkerSaysWhy(KafkaSite site) throws Exception {
    try (Worker worker = RunningWorker.start(site, checkpoints)) {
      assertTrue(worker.adminAddress().isEmpty());
      HttpResponse<String> answer = RunningWorker.get(worker, "/admin/status");
      assertEquals(403, answer.statusCode());
      assertTrue(answer.body().contains("no token is configured"), answer::body);
    }
  }

  @Test
  void whoDoesNotKnowTheTokenIsToldNothing(KafkaSite site, @TempDir Path secrets) throws Exception {
    Path file = Files.writeString(secrets.resolve("token"), TOKEN + "\n");
    try (Worker worker = RunningWorker.start(site, checkpoints, "admin.tokenFile=" + file)) {
      assertEquals("127.0.0.1", worker.adminAddress().orElseThrow().getHost());
      for (String wrong : new String[] {"", TOKEN + "x", TOKEN.substring(1), "Bearer " + TOKEN}) {
        for (String path : new String[] {"status", "drain", "nothing"}) {
          HttpResponse<String> answer = RunningWorker.admin(worker, "POST", path, wrong, "");
          assertEquals(401, answer.statusCode(), answer::body);
          assertTrue(answer.headers().firstValue("WWW-Authenticate").isPresent());
        }
      }
      try (HttpClient client = HttpClient.newHttpClient()) {
        HttpRequest bare =
            HttpRequest.newBuilder(worker.adminAddress().orElseThrow().resolve("status")).build();
        assertEquals(401, client.send(bare, HttpResponse.BodyHandlers.discarding()).statusCode());
      }
      assertEquals(200, RunningWorker.admin(worker, "GET", "status", TOKEN, "").statusCode());
      // commands are not where probes and scrapes are
      HttpResponse<String> elsewhere = RunningWorker.get(worker, "/admin/status");
      assertEquals(403, elsewhere.statusCode());
      assertTrue(
          elsewhere.body().contains(worker.adminAddress().orElseThrow().toString()),
          elsewhere::body);
    }
  }

  @Test
  void aTokenThatCanBeGuessedIsRefusedAtStart(KafkaSite site) {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> RunningWorker.start(site, checkpoints, "admin.token=short"));
    assertTrue(refused.getMessage().contains("at least 16"), refused::getMessage);
  }

  @Test
  void aPausedWorkerEndsWhatRunsStartsNothingAndGoesOnWhenResumed(KafkaSite site) throws Exception {
    try (Worker worker = RunningWorker.start(site, checkpoints, "admin.token=" + TOKEN)) {
      site.send(Jobs.withSteps(Jobs.job("runs"), 500));
      waiting().until(() -> worker.metrics().value(Metric.JOBS_IN_FLIGHT) > 0);
      assertCommand(worker, "pause", 200, "paused", true);
      assertCommand(worker, "pause", 200, "paused", false);
      site.send(Jobs.job("waits"));
      assertEquals("runs", site.awaitResults(1).getFirst().jobId());
      waiting()
          .until(
              () ->
                  worker.metrics().value(Metric.PARTITIONS_PAUSED) == 4
                      && worker.metrics().value(Metric.JOBS_IN_FLIGHT) == 0);
      assertEquals(1, site.results().size());
      HttpResponse<String> ready = RunningWorker.get(worker, "/health/ready");
      assertEquals(200, ready.statusCode(), ready::body);
      assertTrue(ready.body().contains("paused by an operator"), ready::body);
      assertCommand(worker, "resume", 200, "serving", true);
      assertCommand(worker, "resume", 200, "serving", false);
      site.awaitResults(2)
          .forEach(result -> assertEquals(Outcome.COMPLETED, result.outcome(), result::jobId));
    }
  }

  @Test
  void aWorkerThatIsDrainedLeavesItsGroupAndStaysToBeAsked(KafkaSite site) throws Exception {
    try (Worker worker = RunningWorker.start(site, checkpoints, "admin.token=" + TOKEN)) {
      site.send(Jobs.job("job"));
      site.awaitResults(1);
      HttpResponse<String> first = RunningWorker.admin(worker, "POST", "drain", TOKEN, "");
      assertEquals(202, first.statusCode());
      assertTrue(new JsonObject(first.body()).getBoolean("changed"), first::body);
      waiting().until(() -> worker.drained().isDone());
      assertCommand(worker, "drain", 202, "drained", false);
      assertEquals(503, RunningWorker.get(worker, "/health/ready").statusCode());
      assertEquals(200, RunningWorker.get(worker, "/health/live").statusCode());
      assertEquals(
          0,
          site.admin()
              .describeConsumerGroups(java.util.List.of(site.group()))
              .describedGroups()
              .get(site.group())
              .get()
              .members()
              .size());
    }
  }

  @Test
  void theStatusHasTheWholeStateAndNoSecret(KafkaSite site) throws Exception {
    try (Worker worker = RunningWorker.start(site, checkpoints, "admin.token=" + TOKEN)) {
      worker.firstCheckpoint().join();
      HttpResponse<String> answer = RunningWorker.admin(worker, "GET", "status", TOKEN, "");
      JsonObject state = new JsonObject(answer.body());
      assertEquals("serving", state.getString("state"));
      assertEquals("first", state.getJsonObject("checkpoint").getString("serving"));
      assertEquals(512, state.getJsonObject("batch").getInteger("maxRows"));
      assertEquals(0, state.getJsonObject("queue").getInteger("inFlight"));
      assertEquals(
          "***", state.getJsonObject("configuration").getJsonObject("admin").getString("token"));
      assertFalse(answer.body().contains(TOKEN), answer::body);
    }
  }

  @Test
  void whatIsNoCommandIsRefused(KafkaSite site) throws Exception {
    try (Worker worker = RunningWorker.start(site, checkpoints, "admin.token=" + TOKEN)) {
      for (String command : new String[] {"drain", "pause", "resume", "reload", "rollback"}) {
        HttpResponse<String> answer = RunningWorker.admin(worker, "GET", command, TOKEN, "");
        assertEquals(405, answer.statusCode(), command);
        assertEquals("POST", answer.headers().firstValue("Allow").orElseThrow());
      }
      assertEquals(405, RunningWorker.admin(worker, "POST", "status", TOKEN, "").statusCode());
      assertEquals(404, RunningWorker.admin(worker, "POST", "nothing", TOKEN, "").statusCode());
      for (String body : new String[] {"", "[]", "7", "{\"checkpoint\": 1}", "{\"name\": \"x\"}"}) {
        assertEquals(400, RunningWorker.admin(worker, "POST", "pin", TOKEN, body).statusCode());
      }
      assertEquals(
          413, RunningWorker.admin(worker, "POST", "pin", TOKEN, "x".repeat(5000)).statusCode());
    }
  }

  @Test
  void withACertificateCommandsGoOverTls(KafkaSite site, @TempDir Path secrets) throws Exception {
    Path store = TestCertificate.keyStore(secrets);
    Path key = secrets.resolve("key.pem");
    Path certificate = secrets.resolve("certificate.pem");
    TestCertificate.writePem(store, key, certificate);
    try (Worker worker =
            RunningWorker.start(
                site,
                checkpoints,
                "admin.token=" + TOKEN,
                "admin.certificate=" + certificate,
                "admin.key=" + key);
        HttpClient trusting =
            HttpClient.newBuilder().sslContext(TestCertificate.trusting(store)).build()) {
      URI status = worker.adminAddress().orElseThrow().resolve("status");
      assertEquals("https", status.getScheme());
      HttpRequest request =
          HttpRequest.newBuilder(status).header("Authorization", "Bearer " + TOKEN).build();
      assertEquals(
          200, trusting.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
    }
  }

  private static void assertCommand(
      Worker worker, String command, int status, String state, boolean changed) throws Exception {
    HttpResponse<String> answer = RunningWorker.admin(worker, "POST", command, TOKEN, "");
    assertEquals(status, answer.statusCode(), answer::body);
    assertEquals(
        new JsonObject().put("state", state).put("changed", changed),
        new JsonObject(answer.body()));
  }

  private static ConditionFactory waiting() {
    return await().atMost(KafkaSite.LIMIT).pollInterval(Duration.ofMillis(20));
  }
}
