package io.sedd.worker.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.worker.broker.KafkaSite;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends any number of small jobs without holding them. */
final class BacklogSender {

  private BacklogSender() {}

  static void send(KafkaSite site, int count) {
    try (Producer<byte[], byte[]> producer = site.clients("backlog").plainProducer()) {
      for (int i = 0; i < count; i++) {
        String id = "backlog-" + i;
        byte[] job =
            "{\"id\":\"%s\",\"template\":[{\"blank\":8}],\"steps\":1}"
                .formatted(id)
                .getBytes(UTF_8);
        var _ = producer.send(new ProducerRecord<>(site.topics().jobs(), id.getBytes(UTF_8), job));
      }
    }
  }
}
