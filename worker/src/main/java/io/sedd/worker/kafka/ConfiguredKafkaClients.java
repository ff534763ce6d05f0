package io.sedd.worker.kafka;

import io.sedd.protocol.client.GivenProperties;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Clients from a map of Kafka's own properties, which reach every client that knows them (servers,
 * TLS, SASL, time limits), and from the settings that delivery depends on, which nobody may change.
 */
public final class ConfiguredKafkaClients implements KafkaClients {

  /** What this class decides; naming one of them in the configuration is an error. */
  private static final Set<String> RESERVED =
      Set.of(
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.GROUP_PROTOCOL_CONFIG,
          ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG,
          ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          ProducerConfig.ACKS_CONFIG,
          ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);

  /** What one fetch from one broker brings at most, but for a single record that is larger. */
  private static final int FETCH_BYTES = 8 << 20;

  /** What a share consumer does not know: there these are settings of the group. */
  private static final Set<String> NOT_IN_SHARE_GROUPS =
      Set.of(
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
          ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG,
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
          ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
          ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);

  private final GivenProperties given;
  private final String group;
  private final String worker;

  /**
   * For one worker.
   *
   * @param given Kafka's properties; {@code bootstrap.servers} must be there
   * @param worker name of the worker, unique among those that live at the same time
   * @throws IllegalArgumentException if a property is missing or is one that the worker decides
   */
  public ConfiguredKafkaClients(Map<String, String> given, String group, String worker) {
    this.given = new GivenProperties(given, RESERVED);
    this.group = group;
    this.worker = worker;
  }

  @Override
  public Consumer<byte[], byte[]> groupConsumer() {
    Map<String, Object> properties = member("jobs");
    // what is fetched ahead is bounded in bytes
    properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "500");
    properties.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, String.valueOf(FETCH_BYTES));
    return new KafkaConsumer<>(properties);
  }

  @Override
  public Consumer<byte[], byte[]> dividingMember() {
    Map<String, Object> properties = member("division");
    properties.put(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG, "range");
    // two members of one name would be one
    properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    return new KafkaConsumer<>(properties);
  }

  private Map<String, Object> member(String purpose) {
    Map<String, Object> properties = consumer(purpose);
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return properties;
  }

  @Override
  public Consumer<byte[], byte[]> plainConsumer() {
    Map<String, Object> properties = consumer("control");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    return new KafkaConsumer<>(properties);
  }

  @Override
  public Producer<byte[], byte[]> transactionalProducer(int number) {
    Map<String, Object> properties = producer("results-" + number);
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group + "." + worker + "." + number);
    properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, "0");
    properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, "131072");
    // also the pause after "the last transaction is still being written", which passes in 5 ms
    properties.putIfAbsent(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, "10");
    // a transaction holds no denoising, only sends: it is over within one delivery, or given up
    properties.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "10000");
    properties.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "8000");
    properties.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "4000");
    properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, "8000");
    return new KafkaProducer<>(properties);
  }

  @Override
  public Producer<byte[], byte[]> plainProducer() {
    Map<String, Object> properties = producer("progress");
    properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, "2000");
    properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
    // records that come while one request is in flight make up the next one: no need to wait for
    // more
    properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, "0");
    return new KafkaProducer<>(properties);
  }

  @Override
  public ShareConsumer<byte[], byte[]> shareConsumer(int lane) {
    Map<String, Object> properties = consumer("lane-" + lane);
    properties.keySet().removeAll(NOT_IN_SHARE_GROUPS);
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    properties.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
    // a poll gives no more than it was asked for: what it gives is locked until it is done
    properties.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
    properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "32");
    properties.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, String.valueOf(FETCH_BYTES));
    return new KafkaShareConsumer<>(properties);
  }

  @Override
  public Producer<byte[], byte[]> resultsProducer() {
    Map<String, Object> properties = producer("results");
    properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
    properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, "0");
    properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, "131072");
    properties.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "5000");
    properties.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "4000");
    properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
    return new KafkaProducer<>(properties);
  }

  @Override
  public Admin admin() {
    Map<String, Object> properties = given.ofAdmin();
    properties.put(AdminClientConfig.CLIENT_ID_CONFIG, worker + "-admin");
    return Admin.create(properties);
  }

  private Map<String, Object> consumer(String purpose) {
    Map<String, Object> properties = given.ofConsumer();
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, worker + "-" + purpose);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return properties;
  }

  private Map<String, Object> producer(String purpose) {
    Map<String, Object> properties = given.ofProducer();
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, worker + "-" + purpose);
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return properties;
  }
}
