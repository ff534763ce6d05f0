package io.sedd.worker.kafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** Makes the Kafka clients of one worker. The caller owns and closes what it gets. */
public interface KafkaClients {

  /**
   * A member of the worker's group, by the protocol {@code consumer}, committing nothing itself.
   */
  Consumer<byte[], byte[]> groupConsumer();

  /** A consumer of no group, for topics of which every worker reads everything. */
  Consumer<byte[], byte[]> plainConsumer();

  /** A producer with this worker's transactional id; a second one fences the first. */
  Producer<byte[], byte[]> transactionalProducer();

  /** An idempotent producer for records outside the transactions. */
  Producer<byte[], byte[]> plainProducer();

  /** For looking at topics and broker. */
  Admin admin();
}
