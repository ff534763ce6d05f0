package io.sedd.worker.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.DeadLetterHeader;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.JobError;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.SourceState;
import io.sedd.worker.kafka.LagReader;
import io.sedd.worker.metrics.Metric;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Delivery on a real broker: what is lost, what is doubled, what is refused. */
@ExtendWith(BrokerExtension.class)
@SuppressWarnings("try") // closing a worker may be interrupted
class TransactionalDeliveryTest {

  @Test
  void everyJobHasOneResult(KafkaSite site) throws Exception {
    try (EchoWorker _ = new EchoWorker(site, "w", _ -> false)) {
      site.send(Jobs.jobs("job", 200));
      assertOneResultEach(Jobs.jobs("job", 200), site.awaitResults(200));
    }
  }

  @Test
  void theLagIsWhatTheGroupHasNotFinished(KafkaSite site) throws Exception {
    LagReader lag = LagReader.ofConsumerGroup(site.group(), site.topics().jobs());
    assertEquals(0, lag.read(site.admin()));
    site.send(Jobs.jobs("job", 20));
    assertEquals(20, lag.read(site.admin()));
    try (EchoWorker _ = new EchoWorker(site, "w", _ -> false)) {
      site.awaitResults(20);
      waiting().until(() -> lag.read(site.admin()) == 0);
    }
  }

  @Test
  void jobsBehindARunningOneAreSettledAndNotDoneAgainByTheNextWorker(KafkaSite site)
      throws Exception {
    List<GenerationJob> jobs = Jobs.jobs("job", 10);
    site.sendInOrder(0, jobs);
    EchoWorker first = new EchoWorker(site, "first", "job-3"::equals);
    assertEquals(9, site.awaitResults(9).size());
    first.kill();
    try (EchoWorker second = new EchoWorker(site, "second", _ -> false)) {
      assertOneResultEach(jobs, site.awaitResults(10));
      assertEquals(List.of("job-3"), idsOf(second.started()));
      assertEquals(2, second.started().getFirst().attempt());
    }
  }

  @Test
  void aJobThatAWorkerGaveBackInOrderIsNotHeldAgainstIt(KafkaSite site) throws Exception {
    site.send(List.of(Jobs.job("slow")));
    for (int i = 0; i < EchoWorker.MAX_ATTEMPTS + 1; i++) {
      EchoWorker worker = new EchoWorker(site, "w" + i, _ -> true);
      waiting().until(() -> worker.hasStarted("slow"));
      worker.stop(Duration.ZERO);
      assertEquals(1, worker.started().getFirst().attempt());
    }
  }

  @Test
  void stoppingWaitsForTheRunningJobsWithinItsLimit(KafkaSite site) throws Exception {
    site.send(List.of(Jobs.job("running")));
    EchoWorker worker = new EchoWorker(site, "w", _ -> true);
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
    assertEquals(SourceState.Phase.STOPPED, worker.state().phase());
  }

  @Test
  void aJobWhoseWorkersDiedTwiceRunsAloneAndThenIsADeadLetter(KafkaSite site) throws Exception {
    site.sendInOrder(0, List.of(Jobs.job("deadly")));
    for (int attempt = 1; attempt <= 2; attempt++) {
      EchoWorker worker = new EchoWorker(site, "w" + attempt, "deadly"::equals);
      waiting().until(() -> worker.hasStarted("deadly"));
      worker.kill();
    }
    site.sendInOrder(0, Jobs.jobs("innocent", 20));
    EchoWorker third = new EchoWorker(site, "w3", "deadly"::equals);
    waiting().until(() -> third.hasStarted("deadly"));
    assertEquals(0, third.mostBesideALoneOne());
    Delivery last = third.started().getLast();
    assertEquals("deadly", last.job().id());
    assertEquals(3, last.attempt());
    third.kill();
    try (EchoWorker fourth = new EchoWorker(site, "w4", "deadly"::equals)) {
      List<GenerationResult> results = site.awaitResults(21);
      assertFalse(fourth.hasStarted("deadly"));
      GenerationResult failed =
          results.stream().filter(r -> r.jobId().equals("deadly")).findFirst().orElseThrow();
      assertEquals(Outcome.FAILED, failed.outcome());
      assertEquals(JobError.Code.INTERNAL, failed.error().orElseThrow().code());
      ConsumerRecord<byte[], byte[]> dead = site.await(site.topics().deadLetters(), 1).getFirst();
      assertEquals("deadly", new String(dead.key(), UTF_8));
      assertEquals("4", header(dead, DeadLetterHeader.ATTEMPT));
      assertEquals(20, results.stream().filter(r -> r.jobId().startsWith("innocent")).count());
    }
  }

  @Test
  void recordsThatAreNoJobsAreDeadLettersWithTheirReason(KafkaSite site) throws Exception {
    byte[] noJson = "free text\u0000".getBytes(UTF_8);
    site.sendRaw(null, noJson);
    site.sendRaw("big", new byte[20_000]);
    site.sendRaw(
        "unknown", "{\"id\":\"u\",\"template\":[{\"blank\":3}],\"stepz\":3}".getBytes(UTF_8));
    site.sendRaw(
        "range", "{\"id\":\"r\",\"template\":[{\"blank\":3}],\"steps\":5000}".getBytes(UTF_8));
    site.sendRaw("long", "{\"id\":\"l\",\"template\":[{\"blank\":65}]}".getBytes(UTF_8));
    site.send(List.of(Jobs.job("good")));
    try (EchoWorker worker = new EchoWorker(site, "w", _ -> false)) {
      Map<String, ConsumerRecord<byte[], byte[]>> dead =
          site.await(site.topics().deadLetters(), 5).stream()
              .collect(Collectors.toMap(r -> header(r, DeadLetterHeader.ERROR_CODE), r -> r));
      assertEquals(
          Set.of("not_json", "too_large", "unknown_field", "out_of_range", "too_long"),
          dead.keySet());
      assertNull(dead.get("not_json").key());
      assertEquals(new String(noJson, UTF_8), new String(dead.get("not_json").value(), UTF_8));
      assertEquals("$.steps", header(dead.get("out_of_range"), DeadLetterHeader.ERROR_PATH));
      assertEquals(
          site.topics().jobs(), header(dead.get("too_long"), DeadLetterHeader.ORIGINAL_TOPIC));
      assertEquals("long", header(dead.get("too_long"), DeadLetterHeader.ORIGINAL_KEY));

      Map<String, Outcome> outcomes =
          site.awaitResults(4).stream()
              .collect(Collectors.toMap(GenerationResult::jobId, GenerationResult::outcome));
      assertEquals(
          Map.of(
              "u",
              Outcome.FAILED,
              "r",
              Outcome.FAILED,
              "l",
              Outcome.FAILED,
              "good",
              Outcome.COMPLETED),
          outcomes);
      waiting().until(() -> worker.metrics().value(Metric.DEAD_LETTERS, "not_json") == 1);
    }
  }

  @Test
  void aCommitWhoseOutcomeIsUnknownLosesNothingAndDoublesNothing(KafkaSite site) throws Exception {
    AtomicInteger commits = new AtomicInteger();
    AtomicInteger faults = new AtomicInteger();
    FaultyClients clients =
        new FaultyClients(site.clients("w"), real -> new UncertainProducer(real, commits, faults));
    List<GenerationJob> jobs = Jobs.jobs("job", 180);
    try (EchoWorker worker = new EchoWorker(site, "w", clients, _ -> false)) {
      for (int i = 0; i < jobs.size(); i += 30) {
        site.send(jobs.subList(i, i + 30));
        site.awaitResults(i + 30);
      }
      assertOneResultEach(jobs, site.results());
      assertTrue(faults.get() >= 4, () -> faults + " faults were injected");
      assertEquals(jobs.size(), worker.started().size());
    }
  }

  @Test
  void aFullQueueStopsTheFetchingAndKeepsTheMembership(KafkaSite site) throws Exception {
    List<GenerationJob> jobs = Jobs.jobs("job", 600);
    FastPollClients clients = new FastPollClients(site);
    try (EchoWorker worker = new EchoWorker(site, "w", clients.of("w"), _ -> true)) {
      site.send(jobs);
      waiting().until(() -> worker.metrics().value(Metric.PARTITIONS_PAUSED) == 4);
      String member = onlyMember(site);
      // longer than the poll interval after which a silent member is put out
      waiting()
          .during(FastPollClients.POLL_INTERVAL.plusSeconds(2))
          .until(() -> member.equals(onlyMember(site)));
      double waitingSteps = worker.metrics().value(Metric.BACKLOG_TOKEN_STEPS);
      assertTrue(
          waitingSteps < 3 * EchoWorker.QUEUE_TOKEN_STEPS, () -> waitingSteps + " token·steps");
      worker.letGo();
      assertOneResultEach(jobs, site.awaitResults(600));
    }
  }

  @Test
  void partitionsThatMoveToAnotherWorkerTakeTheirJobsAlong(KafkaSite site) throws Exception {
    List<GenerationJob> jobs = Jobs.jobs("job", 400);
    try (EchoWorker first = new EchoWorker(site, "first", id -> id.endsWith("7"))) {
      site.send(jobs.subList(0, 200));
      waiting().until(() -> first.started().size() > 20);
      try (EchoWorker second = new EchoWorker(site, "second", _ -> false)) {
        site.send(jobs.subList(200, 400));
        waiting().until(() -> !second.started().isEmpty());
        first.letGo();
        assertOneResultEach(jobs, site.awaitResults(400));
      }
    }
  }

  @Test
  void theResultsOfAWorkerThatWasPutOutOfTheGroupAreDropped(KafkaSite site) throws Exception {
    List<GenerationJob> jobs = Jobs.jobs("job", 10);
    site.send(jobs);
    FastPollClients clients = new FastPollClients(site);
    try (EchoWorker stalled = new EchoWorker(site, "stalled", clients.of("stalled"), _ -> true)) {
      waiting().until(() -> stalled.started().size() == 10);
      stalled.stall();
      try (EchoWorker heir = new EchoWorker(site, "heir", clients.of("heir"), _ -> false)) {
        assertOneResultEach(jobs, site.awaitResults(10));
        stalled.letGo();
        stalled.wakeUp();
        waiting().until(() -> stalled.metrics().value(Metric.JOBS_WITHDRAWN) >= 10);
        assertOneResultEach(jobs, site.results());
        assertEquals(10, heir.started().size());
      }
    }
  }

  @Test
  void aWorkerThatIsNotAllowedToPublishEndsAndSaysSo(KafkaSite site) throws Exception {
    FaultyClients clients =
        new FaultyClients(
            site.clients("w"),
            real -> {
              real.close();
              throw new TransactionalIdAuthorizationException("not for you");
            });
    try (EchoWorker worker = new EchoWorker(site, "w", clients, _ -> false)) {
      waiting().until(() -> worker.state().phase() == SourceState.Phase.FAILED);
      assertTrue(worker.state().detail().contains("transactional id"), worker.state()::detail);
    }
  }

  private static String onlyMember(KafkaSite site) throws Exception {
    return site
        .admin()
        .describeConsumerGroups(List.of(site.group()))
        .describedGroups()
        .get(site.group())
        .get(20, TimeUnit.SECONDS)
        .members()
        .stream()
        .map(member -> member.consumerId())
        .collect(Collectors.joining(","));
  }

  private static void assertOneResultEach(
      List<GenerationJob> jobs, List<GenerationResult> results) {
    Set<String> wanted = jobs.stream().map(GenerationJob::id).collect(Collectors.toSet());
    Set<String> had = new HashSet<>();
    for (GenerationResult result : results) {
      assertTrue(had.add(result.jobId()), () -> "two results for " + result.jobId());
    }
    assertEquals(wanted, had);
  }

  private static List<String> idsOf(List<Delivery> deliveries) {
    return deliveries.stream().map(delivery -> delivery.job().id()).toList();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, DeadLetterHeader header) {
    return Stream.of(record.headers().lastHeader(header.key()))
        .map(h -> h == null ? null : new String(h.value(), UTF_8))
        .findFirst()
        .orElse(null);
  }

  private static ConditionFactory waiting() {
    return await().atMost(KafkaSite.LIMIT).pollInterval(Duration.ofMillis(20));
  }
}
