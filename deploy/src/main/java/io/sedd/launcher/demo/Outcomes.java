package io.sedd.launcher.demo;

import io.sedd.protocol.job.DeadLetterHeader;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobTopics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads what comes out: results and dead letters, committed ones only. Used by one thread. */
final class Outcomes implements AutoCloseable {

  /** One record that came out. */
  sealed interface Outcome {

    /** A result. */
    record Result(GenerationResult result) implements Outcome {}

    /**
     * A dead letter.
     *
     * @param key of the original record
     * @param code why, in its wire form
     * @param message the same for a person
     */
    record DeadLetter(String key, String code, String message) implements Outcome {}
  }

  private final JobTopics topics;
  private final KafkaConsumer<String, byte[]> consumer;

  Outcomes(String bootstrapServers, JobTopics topics) {
    this.topics = topics;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : List.of(topics.results(), topics.deadLetters())) {
      for (PartitionInfo partition : consumer.partitionsFor(topic)) {
        partitions.add(new TopicPartition(topic, partition.partition()));
      }
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** What has come since the last call; waits a little where nothing has. */
  List<Outcome> next() {
    List<Outcome> outcomes = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
      outcomes.add(
          record.topic().equals(topics.results())
              ? new Outcome.Result(JobCodec.decodeResult(record.value()).orElseThrow())
              : new Outcome.DeadLetter(
                  record.key(),
                  header(record, DeadLetterHeader.ERROR_CODE),
                  header(record, DeadLetterHeader.ERROR_MESSAGE)));
    }
    return outcomes;
  }

  private static String header(ConsumerRecord<String, byte[]> record, DeadLetterHeader name) {
    Header header = record.headers().lastHeader(name.key());
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
