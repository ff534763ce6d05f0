package io.sedd.worker.publishing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * Publishes records and waits until the broker has them all, on every replica in sync. Without
 * transactions: after a failure some may be there. Thread-safe.
 */
public final class AcknowledgedPublisher implements AutoCloseable {

  private final Producer<byte[], byte[]> producer;

  /** Owns the producer, which must wait for all replicas and have one request in flight. */
  public AcknowledgedPublisher(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /**
   * Publishes.
   *
   * @throws KafkaException if the broker does not have all of them
   */
  public void publish(List<ProducerRecord<byte[], byte[]>> records) throws InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
    for (ProducerRecord<byte[], byte[]> record : records) {
      sent.add(producer.send(record));
    }
    for (Future<RecordMetadata> one : sent) {
      try {
        one.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof KafkaException fault
            ? fault
            : new KafkaException(e.getCause());
      }
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
