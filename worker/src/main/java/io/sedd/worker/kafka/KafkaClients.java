package io.sedd.worker.kafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Producer;

/** Makes the Kafka clients of one worker. The caller owns and closes what it gets. */
public interface KafkaClients {

  /**
   * A member of the worker's group, by the protocol {@code consumer}, committing nothing itself.
   */
  Consumer<byte[], byte[]> groupConsumer();

  /**
   * A member of the worker's group that asks for the assignor {@code range}, and by that has all
   * partitions divided anew while it is there.
   */
  Consumer<byte[], byte[]> dividingMember();

  /** A consumer of no group, for topics of which every worker reads everything. */
  Consumer<byte[], byte[]> plainConsumer();

  /**
   * A producer with one of this worker's transactional ids; a second one of the same number fences
   * the first.
   */
  Producer<byte[], byte[]> transactionalProducer(int number);

  /**
   * An idempotent producer for records outside the transactions. It has one request in flight: with
   * more, a partition whose leader is just being chosen may take a later batch as the first one,
   * and the earlier never.
   */
  Producer<byte[], byte[]> plainProducer();

  /**
   * A member of the worker's share group that acknowledges each record by itself.
   *
   * @param lane number among the worker's members
   */
  ShareConsumer<byte[], byte[]> shareConsumer(int lane);

  /**
   * A producer for results in a share group: waits for all replicas, has one request in flight, and
   * gives up in time for what it sends to be tried again while the locks are held.
   */
  Producer<byte[], byte[]> resultsProducer();

  /** For looking at topics and broker. */
  Admin admin();
}
