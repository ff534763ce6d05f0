package io.sedd.protocol.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Committed records of whole topics from its opening on: of every partition, also of those that are
 * added later. Owned by one thread.
 */
final class AnswerFeed implements AutoCloseable {

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
  private static final Duration LOOK_FOR_PARTITIONS_EVERY = Duration.ofSeconds(30);

  private final Consumer<byte[], byte[]> consumer;
  private final List<String> topics;
  private final LongSupplier nanos;
  private final Set<TopicPartition> assigned = new HashSet<>();
  private long nextLook;

  /**
   * Goes to the present ends.
   *
   * @throws SeddClientException if a topic does not exist
   * @throws KafkaException if no broker answers or it refuses
   */
  AnswerFeed(GivenProperties given, String clientId, List<String> topics, LongSupplier nanos) {
    Map<String, Object> properties = given.ofConsumer();
    properties.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    // after a loss of records: what is read twice is known by its id, what is skipped is lost
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.putIfAbsent(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    this.consumer = new KafkaConsumer<>(properties);
    this.topics = List.copyOf(topics);
    this.nanos = nanos;
    try {
      List<TopicPartition> present = partitions();
      assign(present);
      consumer.seekToEnd(present);
      present.forEach(consumer::position);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
    this.nextLook = nanos.getAsLong() + LOOK_FOR_PARTITIONS_EVERY.toNanos();
  }

  private List<TopicPartition> partitions() {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : topics) {
      List<PartitionInfo> known = consumer.partitionsFor(topic);
      if (known == null || known.isEmpty()) {
        throw new SeddClientException(
            "there is no topic " + topic + "; create it, or name another one");
      }
      known.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    return partitions;
  }

  private void assign(List<TopicPartition> more) {
    assigned.addAll(more);
    consumer.assign(assigned);
  }

  /** What has come, after a wait where nothing has. */
  ConsumerRecords<byte[], byte[]> next(Duration wait) {
    if (nanos.getAsLong() - nextLook >= 0) {
      nextLook = nanos.getAsLong() + LOOK_FOR_PARTITIONS_EVERY.toNanos();
      List<TopicPartition> added = partitions();
      added.removeAll(assigned);
      if (!added.isEmpty()) {
        assign(added);
        consumer.seekToBeginning(added);
      }
    }
    return consumer.poll(wait);
  }

  /** Any thread: ends a wait, with an exception there. */
  void wakeUp() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
  }
}
