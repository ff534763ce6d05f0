package io.sedd.worker.publishing;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Publishes records and offsets together or not at all. Owned by the intake's thread.
 *
 * <p>{@value #PRODUCERS} producers take turns. A commit returns when the broker has decided on it,
 * before it has told the partitions so; the next transaction of the same producer is refused until
 * then and tried again after a pause (16 ms a transaction back to back with one producer and a
 * pause of 10 ms, 106 ms with Kafka's default pause, 4 ms with two). The order stays: the offsets
 * of the later transaction are written later, and the broker never lets an earlier offset record of
 * a partition replace a later one.
 *
 * <p>After any failure the outcome is unknown: the producer may be told "timed out" of a commit
 * that the broker made. {@link #reopen} settles it, for the broker finishes or aborts what the
 * former producer of the same transactional id left; after that the committed offsets say which it
 * was. So nothing is begun between a failure and the reopening.
 */
public final class TransactionalPublisher implements AutoCloseable {

  private static final int PRODUCERS = 2;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final IntFunction<Producer<byte[], byte[]>> factory;

  /** By number; absent where it is not open or has failed. */
  private final Map<Integer, Producer<byte[], byte[]>> producers = new HashMap<>();

  private int turn;

  /**
   * A publisher that is not open yet.
   *
   * @param factory makes the producer of a number; the same number means the same transactional id
   */
  public TransactionalPublisher(IntFunction<Producer<byte[], byte[]>> factory) {
    this.factory = factory;
  }

  /**
   * Opens the producers that are not there or have failed.
   *
   * @throws KafkaException if the transaction coordinator cannot be reached
   */
  public void reopen() {
    for (int number = 0; number < PRODUCERS; number++) {
      if (!producers.containsKey(number)) {
        Producer<byte[], byte[]> fresh = factory.apply(number);
        producers.put(number, fresh);
        try {
          fresh.initTransactions();
        } catch (RuntimeException e) {
          drop(number, Duration.ZERO);
          throw e;
        }
      }
    }
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
    turn = (turn + 1) % PRODUCERS;
    Producer<byte[], byte[]> producer = producers.get(turn);
    try {
      producer.beginTransaction();
      for (ProducerRecord<byte[], byte[]> record : records) {
        // a failed send fails the commit, so that its future need not be asked
        var _ = producer.send(record);
      }
      producer.sendOffsetsToTransaction(offsets, group);
      producer.commitTransaction();
    } catch (RuntimeException e) {
      // all of them: of two workers of one name, each would else go on with a producer of its own
      // and put the other's out, until both end
      dropAll(Duration.ZERO);
      throw e;
    }
  }

  @Override
  public void close() {
    dropAll(CLOSE_LIMIT);
  }

  private void dropAll(Duration limit) {
    for (int number = 0; number < PRODUCERS; number++) {
      drop(number, limit);
    }
  }

  private void drop(int number, Duration limit) {
    Producer<byte[], byte[]> closing = producers.remove(number);
    if (closing != null) {
      closing.close(limit);
    }
  }
}
