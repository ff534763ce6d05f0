package io.sedd.worker.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.worker.broker.EmbeddedBroker;
import io.sedd.worker.broker.TopicCreation;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordHelpers;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real coordinator whose log says that a partition is a member's that is not in the group: it is
 * loaded from that log when the broker starts again.
 */
class OrphanedPartitionsTest {

  private static final String GROUP = "group";
  private static final String JOBS = "jobs";
  private static final int PARTITIONS = 4;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration INTERVAL = Duration.ofMillis(500);

  @TempDir private Path folder;

  @Test
  void aPartitionThatIsNotedAsAGoneMembersIsGivenToSomebody() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.started(folder)) {
      ConfiguredKafkaClients clients = clients(broker);
      try (Admin admin = clients.admin()) {
        TopicCreation.create(admin, Map.of(JOBS, PARTITIONS));
        noteGhost(admin, broker);
      }
      broker.stop();
      broker.start();
      try (Admin admin = clients.admin();
          Consumer<byte[], byte[]> worker = clients.groupConsumer()) {
        worker.subscribe(Set.of(JOBS));
        poll(worker, () -> worker.assignment().size() == PARTITIONS - 1);
        PartitionSharing sharing = PartitionSharing.of(admin, GROUP, JOBS);
        assertTrue(sharing.incomplete(), sharing::toString);
        assertEquals(Set.of(2), sharing.withoutMember());

        WorkerMetrics metrics = new WorkerMetrics();
        try (OrphanedPartitions _ =
            new OrphanedPartitions(admin, clients, GROUP, JOBS, INTERVAL, metrics)) {
          poll(worker, () -> worker.assignment().size() == PARTITIONS);
          poll(worker, () -> metrics.value(Metric.PARTITIONS_ORPHANED) == 0);
        }
        assertEquals(1, metrics.value(Metric.GROUP_DIVISIONS));
        assertTrue(worker.assignment().contains(new TopicPartition(JOBS, 2)));
        assertTrue(PartitionSharing.of(admin, GROUP, JOBS).complete());
      }
    }
  }

  @Test
  void aGroupThatIsWholeOrNotThereIsLeftAlone() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.started(folder)) {
      ConfiguredKafkaClients clients = clients(broker);
      try (Admin admin = clients.admin()) {
        TopicCreation.create(admin, Map.of(JOBS, PARTITIONS));
        PartitionSharing none = PartitionSharing.of(admin, GROUP, JOBS);
        assertFalse(none.incomplete(), none::toString);
        assertFalse(none.complete(), none::toString);
        WorkerMetrics metrics = new WorkerMetrics();
        try (OrphanedPartitions _ =
                new OrphanedPartitions(
                    admin, clients, GROUP, JOBS, Duration.ofMillis(20), metrics);
            Consumer<byte[], byte[]> first = clients.groupConsumer();
            Consumer<byte[], byte[]> second = clients(broker).groupConsumer()) {
          first.subscribe(Set.of(JOBS));
          second.subscribe(Set.of(JOBS));
          poll(
              first,
              () -> {
                second.poll(Duration.ofMillis(20));
                return first.assignment().size() == 2 && second.assignment().size() == 2;
              });
        }
        assertEquals(0, metrics.value(Metric.GROUP_DIVISIONS));
      }
    }
  }

  private static ConfiguredKafkaClients clients(EmbeddedBroker broker) {
    return new ConfiguredKafkaClients(
        Map.of("bootstrap.servers", broker.bootstrapServers()), GROUP, "w");
  }

  private static void poll(Consumer<byte[], byte[]> worker, BooleanSupplier until) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!until.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, () -> "it has " + worker.assignment());
      worker.poll(Duration.ofMillis(50));
    }
  }

  /** Writes into the coordinator's own log that partition 2 is a member's that never was. */
  private static void noteGhost(Admin admin, EmbeddedBroker broker) throws Exception {
    Uuid topic =
        AdminAnswers.of(admin.describeTopics(Set.of(JOBS)).topicNameValues().get(JOBS)).topicId();
    CoordinatorRecord note =
        GroupCoordinatorRecordHelpers.newConsumerGroupTargetAssignmentRecord(
            GROUP, "ghost", Map.of(topic, Set.of(2)));
    GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
    TopicCreation.create(admin, Map.of("__consumer_offsets", 1));
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                // to others the broker refuses its internal topics
                "client.id",
                "__admin_client"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  "__consumer_offsets", 0, serde.serializeKey(note), serde.serializeValue(note)))
          .get();
    }
  }
}
