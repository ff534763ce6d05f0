package io.sedd.worker.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobCancellation;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobTopics;
import io.sedd.worker.kafka.ConfiguredKafkaClients;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Sends jobs and waits for their results, reading only committed ones. Hears the results that are
 * published from its opening on. Not thread-safe.
 */
public final class JobClient implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  private final JobTopics topics;
  private final Producer<byte[], byte[]> producer;
  private final Consumer<byte[], byte[]> results;
  private final Map<String, GenerationResult> heard = new HashMap<>();

  /**
   * A client.
   *
   * @param kafka Kafka's properties; {@code bootstrap.servers} at least
   * @throws KafkaException if no broker answers
   * @throws IllegalStateException if there is no results topic
   */
  public JobClient(Map<String, String> kafka, JobTopics topics) {
    this.topics = topics;
    ConfiguredKafkaClients clients =
        new ConfiguredKafkaClients(kafka, "none", "client-" + UUID.randomUUID());
    this.results = clients.plainConsumer();
    try {
      goToEnd();
      this.producer = clients.plainProducer();
    } catch (RuntimeException e) {
      results.close();
      throw e;
    }
  }

  private void goToEnd() {
    List<PartitionInfo> known = results.partitionsFor(topics.results());
    if (known.isEmpty()) {
      throw new IllegalStateException("there is no topic " + topics.results());
    }
    List<TopicPartition> partitions =
        known.stream().map(info -> new TopicPartition(info.topic(), info.partition())).toList();
    results.assign(partitions);
    results.seekToEnd(partitions);
    partitions.forEach(results::position);
  }

  /**
   * Sends a job; returns when the broker has it.
   *
   * @throws IllegalArgumentException if the job breaks the contract
   * @throws KafkaException if the broker does not take it
   */
  public void send(GenerationJob job) throws InterruptedException {
    send(topics.jobs(), job.id(), JobCodec.encode(job));
  }

  /** Sends any bytes as a job, as a faulty sender would. */
  public void sendRaw(String key, byte[] value) throws InterruptedException {
    send(topics.jobs(), key, value);
  }

  /** Cancels a job; returns when the broker has the cancellation. */
  public void cancel(String jobId) throws InterruptedException {
    send(topics.control(), jobId, JobCodec.encode(new JobCancellation(jobId)));
  }

  private void send(String topic, String key, byte[] value) throws InterruptedException {
    try {
      producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value)).get();
    } catch (ExecutionException e) {
      throw new KafkaException("the broker did not take the record", e.getCause());
    }
  }

  /** Waits for the result of a job; empty if there is none within the limit. */
  public Optional<GenerationResult> await(String jobId, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    do {
      if (heard.containsKey(jobId)) {
        return Optional.of(heard.remove(jobId));
      }
      listen();
    } while (System.nanoTime() - end < 0);
    return Optional.ofNullable(heard.remove(jobId));
  }

  /** Waits a moment for results; all that were heard and not yet taken, by job id. */
  public Map<String, GenerationResult> heard() {
    listen();
    Map<String, GenerationResult> taken = Map.copyOf(heard);
    heard.clear();
    return taken;
  }

  private void listen() {
    results
        .poll(POLL)
        .forEach(
            record -> {
              GenerationResult result = JobCodec.decodeResult(record.value()).orElseThrow();
              heard.put(result.jobId(), result);
            });
  }

  @Override
  public void close() {
    producer.close();
    results.close();
  }
}
