package io.sedd.worker.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobCancellation;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobTopics;
import io.sedd.worker.kafka.ConfiguredKafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** Topics and a group of one test's own, and a sender's and a reader's view of them. */
public final class KafkaSite implements AutoCloseable {

  /** Enough for a loaded machine; no test waits this long unless it fails. */
  public static final Duration LIMIT = Duration.ofSeconds(60);

  private static final int PARTITIONS = 4;

  private final String prefix = "t" + UUID.randomUUID().toString().substring(0, 8);
  private final String bootstrapServers;
  private final JobTopics topics =
      new JobTopics(
          prefix + ".jobs",
          prefix + ".results",
          prefix + ".progress",
          prefix + ".control",
          prefix + ".dead-letters");
  private final Admin admin;
  private final Producer<byte[], byte[]> producer;

  KafkaSite(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    ConfiguredKafkaClients clients = clients("test");
    admin = clients.admin();
    producer = clients.plainProducer();
    TopicCreation.create(
        admin,
        Map.of(
            topics.jobs(), PARTITIONS,
            topics.results(), 2,
            topics.progress(), 1,
            topics.control(), 1,
            topics.deadLetters(), 1));
  }

  /** New topics on a broker. */
  public static KafkaSite on(EmbeddedBroker broker) {
    return new KafkaSite(broker.bootstrapServers());
  }

  /** New topics on a broker that runs elsewhere. */
  public static KafkaSite at(String bootstrapServers) {
    return new KafkaSite(bootstrapServers);
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  public JobTopics topics() {
    return topics;
  }

  public String group() {
    return prefix + "-workers";
  }

  public Admin admin() {
    return admin;
  }

  /** Clients of a worker of this name. */
  public ConfiguredKafkaClients clients(String worker) {
    return new ConfiguredKafkaClients(
        Map.of("bootstrap.servers", bootstrapServers), group(), worker);
  }

  public void send(GenerationJob job) {
    sendRaw(job.id(), JobCodec.encode(job));
  }

  public void send(Collection<GenerationJob> jobs) {
    jobs.forEach(this::send);
    producer.flush();
  }

  /** Where the partitions end, with what is in open transactions. */
  public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    try {
      admin
          .listOffsets(latest)
          .all()
          .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
          .forEach((partition, end) -> ends.put(partition, end.offset()));
    } catch (Exception e) {
      throw new AssertionError("the broker does not say where " + partitions + " end", e);
    }
    return ends;
  }

  /** How many members the group of this site has. */
  public int members(GroupType type) {
    return type == GroupType.SHARE
        ? described(admin.describeShareGroups(List.of(group())).describedGroups()).members().size()
        : described(admin.describeConsumerGroups(List.of(group())).describedGroups())
            .members()
            .size();
  }

  /** Everything that the coordinator tells of the group of this site, for people. */
  public String groupForPeople(GroupType type) {
    return type == GroupType.SHARE
        ? described(admin.describeShareGroups(List.of(group())).describedGroups()).toString()
        : described(admin.describeConsumerGroups(List.of(group())).describedGroups()).toString();
  }

  private <T> T described(Map<String, KafkaFuture<T>> groups) {
    try {
      return groups.get(group()).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("the broker does not describe " + group(), e);
    }
  }

  /** Sets a property of a topic, as an operator would. */
  public void configure(String topic, String property, String value) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    AlterConfigOp set =
        new AlterConfigOp(new ConfigEntry(property, value), AlterConfigOp.OpType.SET);
    try {
      admin
          .incrementalAlterConfigs(Map.of(resource, List.of(set)))
          .all()
          .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("cannot set " + property + " of " + topic, e);
    }
  }

  /** Sends any bytes to the jobs topic. */
  public void sendRaw(String key, byte[] value) {
    deliver(new ProducerRecord<>(topics.jobs(), key == null ? null : key.getBytes(UTF_8), value));
  }

  /** Sends jobs to one partition, so that their order is known. */
  public void sendInOrder(int partition, List<GenerationJob> jobs) {
    jobs.forEach(
        job ->
            deliver(
                new ProducerRecord<>(
                    topics.jobs(), partition, job.id().getBytes(UTF_8), JobCodec.encode(job))));
    producer.flush();
  }

  public void cancel(String jobId) {
    deliver(
        new ProducerRecord<>(
            topics.control(), jobId.getBytes(UTF_8), JobCodec.encode(new JobCancellation(jobId))));
    producer.flush();
  }

  private void deliver(ProducerRecord<byte[], byte[]> record) {
    var _ =
        producer.send(
            record,
            (_, failure) -> {
              if (failure != null) {
                throw new AssertionError("the test's own record was not taken", failure);
              }
            });
  }

  /** Waits until the results satisfy the condition; gives all that are committed then. */
  public List<GenerationResult> awaitResults(Predicate<List<GenerationResult>> enough) {
    return await(topics.results(), records -> enough.test(results(records))).stream()
        .map(record -> JobCodec.decodeResult(record.value()).orElseThrow())
        .toList();
  }

  /** Waits until there are so many results; gives all that are committed then. */
  public List<GenerationResult> awaitResults(int count) {
    return awaitResults(results -> results.size() >= count);
  }

  /** All results that are committed now. */
  public List<GenerationResult> results() {
    return awaitResults(_ -> true);
  }

  /** Waits until there are so many committed records in a topic. */
  public List<ConsumerRecord<byte[], byte[]>> await(String topic, int count) {
    return await(topic, records -> records.size() >= count);
  }

  /** Waits for the first record of a topic of one partition, however many may follow. */
  public ConsumerRecord<byte[], byte[]> awaitFirst(String topic) {
    long end = System.nanoTime() + LIMIT.toNanos();
    try (Consumer<byte[], byte[]> consumer = clients("reader").plainConsumer()) {
      TopicPartition only = new TopicPartition(topic, 0);
      consumer.assign(List.of(only));
      consumer.seekToBeginning(List.of(only));
      while (System.nanoTime() - end < 0) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
          return record;
        }
      }
      throw new AssertionError("waited " + LIMIT + " for a first record of " + topic);
    }
  }

  private static List<GenerationResult> results(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream()
        .map(record -> JobCodec.decodeResult(record.value()).orElseThrow())
        .toList();
  }

  private List<ConsumerRecord<byte[], byte[]>> await(
      String topic, Predicate<List<ConsumerRecord<byte[], byte[]>>> enough) {
    List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
    long end = System.nanoTime() + LIMIT.toNanos();
    try (Consumer<byte[], byte[]> consumer = clients("reader").plainConsumer()) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      // an end is reached, not run after: aborted transactions move it on all the time
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (true) {
        ConsumerRecords<byte[], byte[]> fetched = consumer.poll(Duration.ofMillis(50));
        fetched.forEach(read::add);
        Map<TopicPartition, Long> present = ends;
        if (partitions.stream().allMatch(p -> consumer.position(p) >= present.get(p))) {
          if (enough.test(read)) {
            return read;
          }
          ends = consumer.endOffsets(partitions);
        }
        if (System.nanoTime() - end > 0) {
          throw new AssertionError(
              "waited " + LIMIT + " for " + topic + "; it has " + read.size() + " records");
        }
      }
    }
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
  }
}
