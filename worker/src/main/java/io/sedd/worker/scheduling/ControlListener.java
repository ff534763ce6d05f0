package io.sedd.worker.scheduling;

import io.sedd.protocol.job.Decoded;
import io.sedd.protocol.job.JobCancellation;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobLimits;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the control topic, all partitions and no group: every worker hears of every cancellation,
 * and the one that has the job obeys. It begins an hour back, since a job that was cancelled while
 * its worker ended is delivered again. A topic that cannot be read is tried again until it can, and
 * {@link #trouble} says so meanwhile. Owns its consumer and its thread.
 */
public final class ControlListener implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ControlListener.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration LOOK_BACK = Duration.ofHours(1);

  private final Consumer<byte[], byte[]> consumer;
  private final JobLimits limits;
  private final JobScheduler scheduler;
  private final WorkerMetrics metrics;
  private final Thread thread;
  private volatile Optional<String> trouble = Optional.empty();
  private volatile boolean closing;

  /**
   * A listener that runs; it owns the consumer and hears what was sent in the last hour and what is
   * sent from now on.
   *
   * @param now the present moment
   * @throws KafkaException if the topic cannot be read
   */
  public ControlListener(
      Consumer<byte[], byte[]> consumer,
      String topic,
      JobLimits limits,
      JobScheduler scheduler,
      WorkerMetrics metrics,
      Instant now) {
    this.consumer = consumer;
    this.limits = limits;
    this.scheduler = scheduler;
    this.metrics = metrics;
    metrics.set(Metric.CONTROL_HEARD, 1);
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    seek(partitions, now.minus(LOOK_BACK));
    this.thread = Thread.ofPlatform().name("sedd-control").start(this::run);
  }

  private void seek(List<TopicPartition> partitions, Instant since) {
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, since.toEpochMilli()));
    consumer
        .offsetsForTimes(times)
        .forEach(
            (partition, found) -> {
              if (found == null) {
                consumer.seekToEnd(List.of(partition));
              } else {
                consumer.seek(partition, found.offset());
              }
              // seeks at once: what is sent after this is heard
              consumer.position(partition);
            });
  }

  private void run() {
    while (!closing) {
      try {
        consumer.poll(POLL).forEach(this::obey);
        hears();
      } catch (WakeupException | InterruptException _) {
        // closing
      } catch (KafkaException e) {
        isDeaf(e);
      }
    }
  }

  private void hears() {
    if (trouble.isPresent()) {
      trouble = Optional.empty();
      metrics.set(Metric.CONTROL_HEARD, 1);
      log.info("cancellations are heard again");
    }
  }

  private void isDeaf(KafkaException e) {
    if (trouble.isEmpty()) {
      log.error("cancellations are not heard, the control topic cannot be read; tried again", e);
      metrics.set(Metric.CONTROL_HEARD, 0);
    }
    trouble = Optional.of("the control topic cannot be read: " + e.getMessage());
    LockSupport.parkNanos(POLL.toNanos());
  }

  /** Why cancellations are not heard, while they are not. Thread-safe. */
  public Optional<String> trouble() {
    return trouble;
  }

  private void obey(ConsumerRecord<byte[], byte[]> record) {
    switch (JobCodec.decodeCancellation(record.value(), limits)) {
      case Decoded.Valid<JobCancellation>(JobCancellation cancellation) ->
          scheduler.cancel(cancellation.jobId(), Instant.ofEpochMilli(record.timestamp()));
      case Decoded.Refused<JobCancellation> refused ->
          log.warn("a control record is ignored: {}", refused.first());
      case Decoded.Unreadable<JobCancellation> unreadable ->
          log.warn("a control record is ignored: {}", unreadable.error());
    }
  }

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    consumer.close();
  }
}
