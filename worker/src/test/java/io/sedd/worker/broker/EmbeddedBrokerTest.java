package io.sedd.worker.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {

  @Test
  void aRestartedBrokerHasItsRecordsStill(@TempDir Path folder) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.started(folder)) {
      try (Admin admin = admin(broker);
          KafkaProducer<byte[], byte[]> producer = producer(broker)) {
        TopicCreation.create(admin, Map.of("kept", 1));
        for (int i = 0; i < 20; i++) {
          producer.send(new ProducerRecord<>("kept", new byte[] {(byte) i})).get();
        }
      }
      broker.stop();
      broker.start();
      try (Admin admin = admin(broker)) {
        TopicPartition kept = new TopicPartition("kept", 0);
        assertEquals(
            20,
            admin
                .listOffsets(Map.of(kept, OffsetSpec.latest()))
                .all()
                .get(20, TimeUnit.SECONDS)
                .get(kept)
                .offset());
      }
    }
  }

  @Test
  void aRunningBrokerIsNotStartedAgain(@TempDir Path folder) {
    try (EmbeddedBroker broker = EmbeddedBroker.started(folder)) {
      assertThrows(IllegalStateException.class, broker::start);
    }
  }

  private static Admin admin(EmbeddedBroker broker) {
    return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  private static KafkaProducer<byte[], byte[]> producer(EmbeddedBroker broker) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
