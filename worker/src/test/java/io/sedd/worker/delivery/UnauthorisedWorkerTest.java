package io.sedd.worker.delivery;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobLimits;
import io.sedd.worker.broker.EmbeddedBroker;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.intake.SourceState;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.scheduling.ControlListener;
import io.sedd.worker.scheduling.JobScheduler;
import io.sedd.worker.scheduling.QueueSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a broker with access control forbids ends the worker with a sentence, and loses nothing. */
@SuppressWarnings("try") // closing a worker may be interrupted
class UnauthorisedWorkerTest {

  @TempDir private static Path folder;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void startABrokerWithAccessControl() {
    broker =
        new EmbeddedBroker(
            folder,
            Map.of(
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found",
                "true",
                "group.share.min.heartbeat.interval.ms",
                "100",
                "group.share.heartbeat.interval.ms",
                "300"));
    broker.start();
  }

  @AfterAll
  static void stopIt() {
    broker.close();
  }

  @ParameterizedTest
  @CsvSource({"EXACTLY_ONCE,WRITE,results", "SHARE_GROUP,WRITE,results", "EXACTLY_ONCE,READ,jobs"})
  void aWorkerThatIsForbiddenATopicEndsAndItsJobsGoToTheNext(
      Mode mode, AclOperation operation, String which) throws Exception {
    try (KafkaSite site = KafkaSite.on(broker)) {
      mode.prepare(site);
      List<GenerationJob> jobs = Jobs.jobs("job", 10);
      site.send(jobs);
      String topic = which.equals("jobs") ? site.topics().jobs() : site.topics().results();
      AclBinding forbidden = forbids(topic, operation);
      site.admin().createAcls(List.of(forbidden)).all().get();
      try (EchoWorker worker = new EchoWorker(mode, site, "w", site.clients("w"), _ -> false)) {
        until(() -> worker.state().phase() == SourceState.Phase.FAILED);
        assertTrue(worker.state().detail().contains("does not allow it"), worker.state()::detail);
      }
      site.admin().deleteAcls(List.of(forbidden.toFilter())).all().get();
      assertEquals(0, site.results().size());
      try (EchoWorker _ = new EchoWorker(mode, site, "next", site.clients("next"), _ -> false)) {
        OneResultEach.of(jobs, site.awaitResults(10));
      }
    }
  }

  @Test
  void aControlTopicThatIsForbiddenForATimeIsToldAndThenHeardAgain() throws Exception {
    try (KafkaSite site = KafkaSite.on(broker)) {
      WorkerMetrics metrics = new WorkerMetrics();
      Map<String, Settlement> ended = new ConcurrentHashMap<>();
      JobScheduler scheduler =
          new JobScheduler(
              new QueueSettings(1 << 20, Duration.ofSeconds(30)),
              64,
              (_, settlement) -> ended.put("job", settlement),
              new Results("w"),
              metrics,
              Clock.systemUTC());
      try (ControlListener listener =
          new ControlListener(
              site.clients("w").plainConsumer(),
              site.topics().control(),
              JobLimits.defaults(),
              scheduler,
              metrics,
              Instant.now())) {
        AclBinding forbidden = forbids(site.topics().control(), AclOperation.READ);
        site.admin().createAcls(List.of(forbidden)).all().get();
        until(() -> listener.trouble().isPresent());
        assertEquals(0, metrics.value(Metric.CONTROL_HEARD));
        site.admin().deleteAcls(List.of(forbidden.toFilter())).all().get();
        until(() -> listener.trouble().isEmpty());
        assertEquals(1, metrics.value(Metric.CONTROL_HEARD));
        Instant before = Instant.now().minusSeconds(1);
        scheduler.accept(
            new Delivery(new RecordPosition(0, 0, 1), Jobs.job("job"), 8, 1, before, before));
        site.cancel("job");
        until(() -> ended.containsKey("job"));
      }
    }
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(KafkaSite.LIMIT).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  private static AclBinding forbids(String topic, AclOperation operation) {
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
        new AccessControlEntry("User:ANONYMOUS", "*", operation, AclPermissionType.DENY));
  }
}
