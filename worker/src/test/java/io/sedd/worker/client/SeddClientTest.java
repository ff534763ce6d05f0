package io.sedd.worker.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.client.ClientClosedException;
import io.sedd.protocol.client.ClientOptions;
import io.sedd.protocol.client.DeadLetterException;
import io.sedd.protocol.client.JobTimeoutException;
import io.sedd.protocol.client.SeddClient;
import io.sedd.protocol.client.SeddClientException;
import io.sedd.protocol.job.DeadLetterHeader;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobDefaults;
import io.sedd.protocol.job.JobError;
import io.sedd.protocol.job.JobProgress;
import io.sedd.protocol.job.JobTopics;
import io.sedd.protocol.job.Segment;
import io.sedd.worker.RunningWorker;
import io.sedd.worker.Worker;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import io.sedd.worker.delivery.Jobs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The client against a real broker; where a worker would only be in the way, its records alone. */
@ExtendWith(BrokerExtension.class)
class SeddClientTest {

  private static ClientOptions options(KafkaSite site) {
    return ClientOptions.of(site.bootstrapServers())
        .withTopics(site.topics())
        .withTimeout(KafkaSite.LIMIT);
  }

  private static void answer(KafkaSite site, int partition, GenerationResult result)
      throws Exception {
    put(
        site,
        site.topics().results(),
        partition,
        result.jobId(),
        JobCodec.encode(result),
        Map.of());
  }

  private static void put(
      KafkaSite site,
      String topic,
      int partition,
      String key,
      byte[] value,
      Map<DeadLetterHeader, String> headers)
      throws Exception {
    try (Producer<byte[], byte[]> worker = site.clients("played").plainProducer()) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topic, partition, key.getBytes(UTF_8), value);
      headers.forEach((name, text) -> record.headers().add(name.key(), text.getBytes(UTF_8)));
      worker.send(record).get();
    }
  }

  private static GenerationResult result(String id, Outcome outcome, String worker) {
    return new GenerationResult(
        id,
        outcome,
        List.of(),
        Optional.empty(),
        0,
        0,
        0,
        0,
        worker,
        Map.of(),
        outcome == Outcome.FAILED
            ? Optional.of(new JobError(JobError.Code.TOO_LONG, "too long", "$.template"))
            : Optional.empty());
  }

  private static SeddClientException failureOf(CompletableFuture<?> future) {
    return assertInstanceOf(
        SeddClientException.class,
        assertThrows(CompletionException.class, future::join).getCause());
  }

  @Test
  void aWorkersResultsComeBackWithTheProgressThatWasAskedFor(
      KafkaSite site, @TempDir Path checkpoints) throws Exception {
    TinyCheckpoints.publish(new FileSystemCheckpointStore(checkpoints), "first", 1);
    Queue<JobProgress> progress = new ConcurrentLinkedQueue<>();
    try (Worker _ = RunningWorker.start(site, checkpoints, "progress.interval=0s");
        SeddClient client = SeddClient.open(options(site).withProgress(progress::add))) {
      List<CompletableFuture<GenerationResult>> coming = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        coming.add(client.send(Jobs.job("job-" + i)));
      }
      for (int i = 0; i < 20; i++) {
        assertEquals("job-" + i, coming.get(i).join().jobId());
        assertEquals(Outcome.COMPLETED, coming.get(i).join().outcome());
      }
      assertEquals(Outcome.COMPLETED, client.sendAndAwait(reporting("told")).outcome());
      await().atMost(KafkaSite.LIMIT).until(() -> !progress.isEmpty());
      assertTrue(progress.stream().allMatch(p -> p.jobId().equals("told")), progress::toString);

      GenerationResult refused =
          client.sendAndAwait(JobDefaults.job("long", List.of(new Segment.Blank(65))));
      assertEquals(Outcome.FAILED, refused.outcome(), "the result counts, not its dead letter");
      assertEquals(JobError.Code.TOO_LONG, refused.error().orElseThrow().code());
    }
  }

  private static GenerationJob reporting(String id) {
    GenerationJob job = Jobs.job(id);
    return new GenerationJob(
        id,
        job.template(),
        1,
        32,
        job.predictor(),
        1,
        1,
        OptionalLong.of(7),
        5,
        Optional.empty(),
        Optional.empty(),
        1,
        Map.of());
  }

  @Test
  void aResultIsFoundByItsIdOnAnyPartitionAndASecondOneChangesNothing(KafkaSite site)
      throws Exception {
    try (SeddClient client = SeddClient.open(options(site))) {
      for (int partition = 0; partition < 2; partition++) {
        String id = "on " + partition;
        CompletableFuture<GenerationResult> coming = client.send(Jobs.job(id));
        answer(site, partition, result("of another sender", Outcome.COMPLETED, "w"));
        answer(site, partition, result(id, Outcome.COMPLETED, "first"));
        answer(site, partition, result(id, Outcome.COMPLETED, "second"));
        assertEquals("first", coming.join().worker());
      }
      CompletableFuture<GenerationResult> last = client.send(Jobs.job("last"));
      answer(site, 0, result("last", Outcome.EXPIRED, "w"));
      assertEquals(Outcome.EXPIRED, last.join().outcome());
    }
  }

  @Test
  void aDeadLetterWithoutAResultFailsItsJobWithItsReason(KafkaSite site) throws Exception {
    try (SeddClient client = SeddClient.open(options(site))) {
      CompletableFuture<GenerationResult> dead = client.send(Jobs.job("dead"));
      CompletableFuture<GenerationResult> refused = client.send(Jobs.job("refused"));
      for (String id : List.of("dead", "refused")) {
        put(
            site,
            site.topics().deadLetters(),
            0,
            id,
            new byte[0],
            Map.of(
                DeadLetterHeader.ERROR_CODE, "too_large",
                DeadLetterHeader.ERROR_MESSAGE, "the record has 2 bytes",
                DeadLetterHeader.ERROR_PATH, "$"));
      }
      answer(site, 1, result("refused", Outcome.FAILED, "w"));
      DeadLetterException why = assertInstanceOf(DeadLetterException.class, failureOf(dead));
      assertEquals("dead", why.jobId());
      assertEquals(
          new JobError(JobError.Code.TOO_LARGE, "the record has 2 bytes", "$"), why.error());
      assertEquals(JobError.Code.TOO_LONG, refused.join().error().orElseThrow().code());
    }
  }

  @Test
  void aJobWithoutAnAnswerIsGivenUpAfterItsTimeAndMakesRoomForTheNext(KafkaSite site)
      throws Exception {
    ClientOptions impatient = options(site).withTimeout(Duration.ofMillis(300)).withMaxInFlight(1);
    try (SeddClient client = SeddClient.open(impatient)) {
      CompletableFuture<GenerationResult> first = client.send(Jobs.job("first"));
      CompletableFuture<GenerationResult> second = client.send(Jobs.job("second"));
      assertEquals("first", assertInstanceOf(JobTimeoutException.class, failureOf(first)).jobId());
      assertInstanceOf(JobTimeoutException.class, failureOf(second));
    }
  }

  @Test
  void aSenderWaitsForRoomAndACancelledFutureGivesItBack(KafkaSite site) throws Exception {
    try (SeddClient client = SeddClient.open(options(site).withMaxInFlight(1))) {
      CompletableFuture<GenerationResult> first = client.send(Jobs.job("first"));
      AtomicReference<CompletableFuture<GenerationResult>> second = new AtomicReference<>();
      Thread sender =
          Thread.startVirtualThread(
              () -> {
                try {
                  second.set(client.send(Jobs.job("second")));
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      await().atMost(KafkaSite.LIMIT).until(() -> sender.getState() == Thread.State.WAITING);
      assertFalse(first.isDone());
      first.cancel(true);
      sender.join();
      answer(site, 0, result("second", Outcome.COMPLETED, "w"));
      assertEquals("second", second.get().join().jobId());
    }
  }

  @Test
  void anIdThatIsInFlightIsRefusedAndAnEndedOneMayComeAgain(KafkaSite site) throws Exception {
    try (SeddClient client = SeddClient.open(options(site))) {
      CompletableFuture<GenerationResult> first = client.send(Jobs.job("same"));
      IllegalArgumentException twice =
          assertThrows(IllegalArgumentException.class, () -> client.send(Jobs.job("same")));
      assertTrue(twice.getMessage().contains("same"), twice::getMessage);
      answer(site, 0, result("same", Outcome.COMPLETED, "w"));
      assertEquals("w", first.join().worker());
      CompletableFuture<GenerationResult> again = client.send(Jobs.job("same"));
      answer(site, 1, result("same", Outcome.COMPLETED, "v"));
      assertEquals("v", again.join().worker());
    }
  }

  @Test
  void whatHangsOnAFutureMaySendTheNextJobAndWaitForIt(KafkaSite site) throws Exception {
    try (SeddClient client = SeddClient.open(options(site).withMaxInFlight(1))) {
      CompletableFuture<GenerationResult> chain =
          client
              .send(Jobs.job("one"))
              .thenApply(
                  _ -> {
                    try {
                      return client.sendAndAwait(Jobs.job("two"));
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  });
      answer(site, 0, result("one", Outcome.COMPLETED, "w"));
      site.await(site.topics().jobs(), 2);
      answer(site, 0, result("two", Outcome.COMPLETED, "w"));
      assertEquals("two", chain.join().jobId());
    }
  }

  @Test
  void closingFailsWhatIsOpenAfterTheBrokerHasIt(KafkaSite site) throws Exception {
    SeddClient client = SeddClient.open(options(site));
    CompletableFuture<GenerationResult> open = client.send(Jobs.job("open"));
    client.cancel("open");
    client.close();
    client.close();
    assertInstanceOf(ClientClosedException.class, failureOf(open));
    assertThrows(ClientClosedException.class, () -> client.send(Jobs.job("late")));
    assertEquals(1, site.await(site.topics().jobs(), 1).size());
    assertEquals(1, site.await(site.topics().control(), 1).size());
  }

  @Test
  void aResultThatCannotBeReadFailsItsJobAndNoOther(KafkaSite site) throws Exception {
    try (SeddClient client = SeddClient.open(options(site))) {
      CompletableFuture<GenerationResult> broken = client.send(Jobs.job("broken"));
      CompletableFuture<GenerationResult> whole = client.send(Jobs.job("whole"));
      byte[] value = "{\"jobId\": \"broken\"}".getBytes(UTF_8);
      put(site, site.topics().results(), 0, "broken", value, Map.of());
      answer(site, 0, result("whole", Outcome.COMPLETED, "w"));
      assertEquals("w", whole.join().worker());
      assertTrue(failureOf(broken).getMessage().contains("$.outcome"));
    }
  }

  @Test
  void whatIsWrongIsSaidWhenTheClientIsOpened(KafkaSite site) {
    JobTopics there = site.topics();
    ClientOptions wrongTopic =
        options(site)
            .withTopics(
                new JobTopics(there.jobs(), "nowhere", there.progress(), "c", there.deadLetters()));
    assertTrue(
        assertThrows(SeddClientException.class, () -> SeddClient.open(wrongTopic))
            .getMessage()
            .contains("nowhere"));
    ClientOptions reserved =
        ClientOptions.of(
            Map.of(
                "bootstrap.servers",
                site.bootstrapServers(),
                "isolation.level",
                "read_uncommitted"));
    assertThrows(IllegalArgumentException.class, () -> SeddClient.open(reserved));
    ClientOptions nobody =
        ClientOptions.of(
            Map.of("bootstrap.servers", "127.0.0.1:1", "default.api.timeout.ms", "300"));
    assertTrue(
        assertThrows(SeddClientException.class, () -> SeddClient.open(nobody))
            .getMessage()
            .contains("127.0.0.1:1"));
  }

  @Test
  void aJobThatBreaksTheContractIsNotSent(KafkaSite site) throws Exception {
    try (SeddClient client = SeddClient.open(options(site).withMaxInFlight(1))) {
      GenerationJob none = JobDefaults.job("none", List.of());
      assertThrows(IllegalArgumentException.class, () -> client.send(none));
      CompletableFuture<GenerationResult> next = client.send(Jobs.job("next"));
      answer(site, 0, result("next", Outcome.COMPLETED, "w"));
      assertEquals("next", next.join().jobId());
    }
  }
}
