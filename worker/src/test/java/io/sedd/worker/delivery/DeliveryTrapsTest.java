package io.sedd.worker.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.intake.SourceState;
import io.sedd.worker.metrics.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Traps of Kafka that lose or hold up jobs unless something is done about them. */
@ExtendWith(BrokerExtension.class)
@SuppressWarnings("try") // closing a worker may be interrupted
class DeliveryTrapsTest {

  private final KafkaSite site;

  DeliveryTrapsTest(KafkaSite site) {
    this.site = site;
  }

  /** With five requests in flight 18 of 30 rounds failed; eight sound rounds are no chance. */
  @Test
  void recordsSentBeforeABrokerLeadsANewPartitionAllArrive() throws Exception {
    for (int round = 0; round < 8; round++) {
      String topic = site.topics().jobs() + ".new-" + round;
      try (Producer<byte[], byte[]> producer = site.clients("early").resultsProducer()) {
        site.admin().createTopics(List.of(new NewTopic(topic, 4, (short) 1))).all().get();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
          sent.add(
              producer.send(
                  new ProducerRecord<>(topic, String.valueOf(i).getBytes(UTF_8), new byte[50])));
        }
        for (Future<RecordMetadata> one : sent) {
          one.get();
        }
      }
      assertEquals(2000, site.await(topic, 2000).size());
    }
  }

  /** One stuck job: as many are done behind it as the commit's metadata can tell of. */
  @Test
  void behindAStuckJobAWindowOfOthersIsDoneAndTheRestWhenItEnds() throws Exception {
    List<GenerationJob> jobs = Jobs.jobs("job", 6500);
    site.sendInOrder(0, jobs);
    try (EchoWorker worker = new EchoWorker(site, "w", "job-0"::equals)) {
      assertEquals(5999, site.awaitResults(5999).size());
      waiting().until(() -> worker.metrics().value(Metric.PARTITIONS_PAUSED) == 1);
      String metadata = metadata();
      assertTrue(metadata.length() <= 4096, () -> metadata.length() + " characters");
      assertEquals(SourceState.Phase.RUNNING, worker.state().phase());
      worker.letGo();
      OneResultEach.of(jobs, site.awaitResults(6500));
      assertEquals(6500, worker.started().size());
    }
  }

  @Test
  void oneOfTwoWorkersOfTheSameNameEndsAndSaysWhy() throws Exception {
    List<GenerationJob> jobs = Jobs.jobs("job", 400);
    try (EchoWorker one = new EchoWorker(site, "same", _ -> false);
        EchoWorker other = new EchoWorker(site, "same", _ -> false)) {
      int sent = 0;
      while (one.state().phase() != SourceState.Phase.FAILED
          && other.state().phase() != SourceState.Phase.FAILED) {
        assertTrue(sent < jobs.size(), "neither of the two has ended");
        site.send(jobs.subList(sent, sent + 8));
        sent += 8;
        int all = sent;
        waiting()
            .until(
                () ->
                    one.state().phase() == SourceState.Phase.FAILED
                        || other.state().phase() == SourceState.Phase.FAILED
                        || site.results().size() >= all);
      }
      EchoWorker failed = one.state().phase() == SourceState.Phase.FAILED ? one : other;
      assertTrue(failed.state().detail().contains("same name"), failed.state()::detail);
      OneResultEach.of(jobs.subList(0, sent), site.awaitResults(sent));
    }
  }

  /** The device hangs: polling goes on, and the worker's end counts against the job. */
  @Test
  void aWorkerWhoseDeviceHangsStaysInItsGroupAndItsJobIsHeldAgainstIt() throws Exception {
    site.send(List.of(Jobs.job("hanging")));
    FastPollClients clients = new FastPollClients(site);
    EchoWorker hung = new EchoWorker(site, "hung", clients.of("hung"), _ -> true);
    waiting().until(() -> hung.hasStarted("hanging"));
    waiting()
        .during(FastPollClients.POLL_INTERVAL.plusSeconds(1))
        .until(() -> hung.metrics().value(Metric.PARTITIONS_OWNED) == 4);
    hung.giveUp();
    try (EchoWorker next = new EchoWorker(site, "next", _ -> false)) {
      OneResultEach.of(List.of(Jobs.job("hanging")), site.awaitResults(1));
      assertEquals(2, next.started().getFirst().attempt());
    }
  }

  /** A job that comes while the worker is idle is started before its start is on record. */
  @Test
  void aJobThatKillsItsWorkerBeforeItsStartIsOnRecordIsCountedFromTheNextStartOn()
      throws Exception {
    EchoWorker first = new EchoWorker(site, "w0", _ -> true);
    waiting().until(() -> first.metrics().value(Metric.PARTITIONS_OWNED) == 4);
    site.sendInOrder(0, List.of(Jobs.job("deadly")));
    waiting().until(() -> first.hasStarted("deadly"));
    first.kill();
    for (int i = 1; i <= EchoWorker.MAX_ATTEMPTS; i++) {
      EchoWorker worker = new EchoWorker(site, "w" + i, _ -> true);
      waiting()
          .until(
              () ->
                  worker.hasStarted("deadly")
                      || worker.metrics().value(Metric.DEAD_LETTERS, "internal") == 1);
      worker.kill();
    }
    try (EchoWorker _ = new EchoWorker(site, "last", _ -> true)) {
      assertEquals(1, site.await(site.topics().deadLetters(), 1).size());
    }
  }

  private String metadata() throws Exception {
    return site.admin()
        .listConsumerGroupOffsets(site.group())
        .partitionsToOffsetAndMetadata()
        .get()
        .get(new TopicPartition(site.topics().jobs(), 0))
        .metadata();
  }

  private static ConditionFactory waiting() {
    return await().atMost(KafkaSite.LIMIT).pollInterval(Duration.ofMillis(20));
  }
}
