package io.sedd.launcher.demo;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Puts records on the jobs topic as any submitter would. */
final class JobFeed implements AutoCloseable {

  private final KafkaProducer<String, byte[]> producer;
  private final String topic;

  JobFeed(String bootstrapServers, String topic) {
    this.topic = topic;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ACKS_CONFIG,
                "all"),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /** Returns when the broker has the record. */
  void send(DemoJob job) throws InterruptedException {
    try {
      producer.send(new ProducerRecord<>(topic, job.id(), job.record())).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the broker did not take " + job.id() + ": " + e.getCause().getMessage(), e.getCause());
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
