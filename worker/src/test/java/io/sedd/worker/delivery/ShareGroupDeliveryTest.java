package io.sedd.worker.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sedd.protocol.job.DeadLetterHeader;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.kafka.ConfiguredKafkaClients;
import io.sedd.worker.kafka.GroupLag;
import io.sedd.worker.kafka.LagReader;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Delivery by a share group on a real broker. */
@ExtendWith(BrokerExtension.class)
@SuppressWarnings("try") // closing a worker may be interrupted
class ShareGroupDeliveryTest {

  private static final Duration LOCK = Duration.ofSeconds(1);

  private final KafkaSite site;

  ShareGroupDeliveryTest(KafkaSite site) {
    this.site = site;
  }

  @BeforeEach
  void configureTheGroup() throws InterruptedException {
    Mode.SHARE_GROUP.prepare(site);
  }

  @Test
  void everyJobHasOneResultAndNoneIsLeft() throws Exception {
    List<GenerationJob> jobs = Jobs.jobs("job", 300);
    site.send(jobs.subList(0, 100));
    WorkerMetrics metrics = new WorkerMetrics();
    try (EchoWorker _ = worker("w", _ -> false);
        GroupLag _ =
            new GroupLag(
                site.clients("lag").admin(),
                LagReader.ofShareGroup(site.group()),
                Duration.ofMillis(100),
                metrics)) {
      site.awaitResults(1);
      metrics.set(Metric.GROUP_LAG, -1);
      site.send(jobs.subList(100, 300));
      OneResultEach.of(jobs, site.awaitResults(300));
      waiting().until(() -> metrics.value(Metric.GROUP_LAG) == 0);
    }
  }

  @Test
  void moreWorkersThanPartitionsAllHaveWork() throws Exception {
    List<GenerationJob> jobs = Jobs.jobs("job", 200);
    site.send(jobs);
    List<EchoWorker> workers = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        workers.add(
            new EchoWorker(Mode.SHARE_GROUP, site, "w" + i, fewAtATime("w" + i), _ -> true));
      }
      waiting().until(() -> workers.stream().noneMatch(w -> w.started().isEmpty()));
      workers.forEach(EchoWorker::letGo);
      OneResultEach.of(jobs, site.awaitResults(200));
    } finally {
      for (EchoWorker worker : workers) {
        worker.close();
      }
    }
  }

  @Test
  void aJobThatRunsLongerThanItsLockStaysWithItsWorkerAndItsNeighboursEnd() throws Exception {
    setLock(LOCK);
    List<GenerationJob> jobs = Jobs.jobs("job", 20);
    site.sendInOrder(0, jobs);
    try (EchoWorker first = worker("first", "job-3"::equals);
        EchoWorker second = worker("second", "job-3"::equals)) {
      assertEquals(19, site.awaitResults(19).size());
      waiting()
          .during(LOCK.multipliedBy(4))
          .until(() -> first.started().size() + second.started().size() == 20);
      first.letGo();
      second.letGo();
      OneResultEach.of(jobs, site.awaitResults(20));
    }
  }

  @Test
  void aJobWhoseWorkersDiedRunsAloneAndThenIsADeadLetterOfTheWorkers() throws Exception {
    site.sendInOrder(0, List.of(Jobs.job("deadly")));
    for (int attempt = 1; attempt <= 2; attempt++) {
      EchoWorker worker = mortal("w" + attempt, "deadly"::equals);
      waiting().until(() -> worker.hasStarted("deadly"));
      worker.kill();
    }
    site.sendInOrder(0, Jobs.jobs("innocent", 20));
    EchoWorker third = mortal("w3", "deadly"::equals);
    waiting().until(() -> third.hasStarted("deadly"));
    assertEquals(0, third.mostBesideALoneOne());
    Delivery last = third.started().getLast();
    assertEquals("deadly", last.job().id());
    assertEquals(1, last.attempt(), "known starts");
    assertEquals(1, third.metrics().value(Metric.JOBS_SENT_AGAIN));
    third.kill();
    try (EchoWorker fourth = mortal("w4", "deadly"::equals)) {
      List<GenerationResult> results = site.awaitResults(21);
      assertFalse(fourth.hasStarted("deadly"));
      assertEquals(
          Outcome.FAILED,
          results.stream()
              .filter(r -> r.jobId().equals("deadly"))
              .findFirst()
              .orElseThrow()
              .outcome());
      ConsumerRecord<byte[], byte[]> dead = site.await(site.topics().deadLetters(), 1).getFirst();
      assertEquals("deadly", new String(dead.key(), UTF_8));
      assertEquals("0", header(dead, DeadLetterHeader.ORIGINAL_OFFSET), "of its sender's record");
      assertEquals(0, site.await("dlq." + site.topics().jobs(), 0).size());
    }
  }

  /** More deaths than the broker counts before it gives a record up. */
  @Test
  void jobsThatManyDyingWorkersHeldAreNoDeadLettersAndAllEnd() throws Exception {
    List<GenerationJob> jobs = Jobs.jobs("job", 8);
    site.sendInOrder(0, jobs);
    for (int death = 0; death < 15; death++) {
      EchoWorker worker = EchoWorker.reluctant(Mode.SHARE_GROUP, site, "w" + death);
      waiting().until(() -> worker.accepted() > 0);
      worker.kill();
    }
    try (EchoWorker _ = worker("last", _ -> false)) {
      OneResultEach.of(jobs, site.awaitResults(8));
      assertEquals(List.of(), site.await(site.topics().deadLetters(), 0));
      assertEquals(0, site.await("dlq." + site.topics().jobs(), 0).size());
    }
  }

  @Test
  void aWorkerThatIsStoppedGivesItsJobsBackAtOnce() throws Exception {
    List<GenerationJob> jobs = Jobs.jobs("job", 50);
    site.send(jobs);
    EchoWorker first = worker("first", _ -> true);
    waiting().until(() -> first.started().size() >= 20);
    first.stop(Duration.ZERO);
    try (EchoWorker _ = worker("second", _ -> false)) {
      OneResultEach.of(jobs, site.awaitResults(50));
    }
  }

  @Test
  void stoppingWaitsForTheRunningJobsWithinItsLimit() throws Exception {
    site.send(List.of(Jobs.job("running")));
    EchoWorker worker = worker("w", _ -> true);
    waiting().until(() -> worker.hasStarted("running"));
    Thread stopping =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    worker.stop(KafkaSite.LIMIT);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    worker.letGo();
    stopping.join();
    assertEquals(1, site.results().size());
  }

  private EchoWorker worker(String name, Predicate<String> holds) {
    return new EchoWorker(Mode.SHARE_GROUP, site, name, site.clients(name), holds);
  }

  /** With one lane: another could take what a dying one gives up, and so count a delivery more. */
  private EchoWorker mortal(String name, Predicate<String> holds) {
    return new EchoWorker(Mode.SHARE_GROUP, 1, site, name, site.clients(name), holds);
  }

  private ConfiguredKafkaClients fewAtATime(String name) {
    return new ConfiguredKafkaClients(
        Map.of("bootstrap.servers", site.bootstrapServers(), "max.poll.records", "4"),
        site.group(),
        name);
  }

  private static String header(ConsumerRecord<byte[], byte[]> dead, DeadLetterHeader header) {
    return new String(dead.headers().lastHeader(header.key()).value(), UTF_8);
  }

  private void setLock(Duration lock) throws Exception {
    site.admin()
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.GROUP, site.group()),
                List.of(
                    new AlterConfigOp(
                        new ConfigEntry(
                            "share.record.lock.duration.ms", String.valueOf(lock.toMillis())),
                        AlterConfigOp.OpType.SET))))
        .all()
        .get();
  }

  private static ConditionFactory waiting() {
    return await().atMost(KafkaSite.LIMIT).pollInterval(Duration.ofMillis(20));
  }
}
