package io.sedd.worker.delivery;

import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.kafka.ConfiguredKafkaClients;
import io.sedd.worker.publishing.TransactionalPublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The least that exactly-once delivery can be: every record of the progress topic is copied to the
 * results in one transaction with its offset. Owns its thread.
 */
final class BareTransactions implements AutoCloseable {

  private final KafkaSite site;
  private final ConfiguredKafkaClients clients;
  private final Thread thread;
  private volatile boolean closing;

  BareTransactions(KafkaSite site) {
    this.site = site;
    this.clients =
        new ConfiguredKafkaClients(
            Map.of("bootstrap.servers", site.bootstrapServers()), site.group() + "-bare", "bare");
    this.thread = Thread.ofPlatform().name("bare-transactions").start(this::run);
  }

  private void run() {
    try (TransactionalPublisher publisher =
            new TransactionalPublisher(clients::transactionalProducer);
        Consumer<byte[], byte[]> consumer = clients.groupConsumer()) {
      publisher.reopen();
      consumer.subscribe(List.of(site.topics().progress()));
      while (!closing) {
        List<ProducerRecord<byte[], byte[]>> answers = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        consumer
            .poll(Duration.ofMillis(50))
            .forEach(
                record -> {
                  answers.add(
                      new ProducerRecord<>(site.topics().results(), record.key(), record.value()));
                  offsets.put(
                      new TopicPartition(record.topic(), record.partition()),
                      new OffsetAndMetadata(record.offset() + 1));
                });
        if (!answers.isEmpty()) {
          publisher.commit(answers, offsets, consumer.groupMetadata());
        }
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    closing = true;
    thread.join();
  }
}
