package io.sedd.worker.publishing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Publishes records and offsets together or not at all. Owned by the intake's thread.
 *
 * <p>After any failure the outcome is unknown: the producer may be told "timed out" of a commit
 * that the broker made. {@link #reopen} settles it, for the broker finishes or aborts what the
 * former producer of the same transactional id left; after that the committed offsets say which it
 * was.
 */
public final class TransactionalPublisher implements AutoCloseable {

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final Supplier<Producer<byte[], byte[]>> producers;
  private Producer<byte[], byte[]> producer;

  /** A publisher that is not open yet. */
  public TransactionalPublisher(Supplier<Producer<byte[], byte[]>> producers) {
    this.producers = producers;
  }

  /**
   * Puts a new producer in the place of the old one, if any.
   *
   * @throws KafkaException if the transaction coordinator cannot be reached
   */
  public void reopen() {
    closeWithin(Duration.ZERO);
    producer = producers.get();
    producer.initTransactions();
  }

  /**
   * One transaction.
   *
   * @throws KafkaException if it failed or its outcome is unknown; the publisher must be reopened
   */
  public void commit(
      List<ProducerRecord<byte[], byte[]>> records,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      ConsumerGroupMetadata group) {
    producer.beginTransaction();
    for (ProducerRecord<byte[], byte[]> record : records) {
      // a failed send fails the commit, so that its future need not be asked
      var _ = producer.send(record);
    }
    producer.sendOffsetsToTransaction(offsets, group);
    producer.commitTransaction();
  }

  @Override
  public void close() {
    closeWithin(CLOSE_LIMIT);
  }

  private void closeWithin(Duration limit) {
    if (producer != null) {
      Producer<byte[], byte[]> closing = producer;
      producer = null;
      closing.close(limit);
    }
  }
}
