package io.sedd.worker.announcement;

import io.sedd.protocol.checkpoint.CheckpointNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic on which checkpoints are announced, from its end, all partitions and no group. A
 * record's value is a checkpoint's name, as text. It says <em>when</em> to look and no more: what
 * serves is LATEST's business, and a record that is lost costs one interval. Owns its consumer and
 * its thread.
 */
public final class AnnouncementListener implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AnnouncementListener.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final Runnable onAnnouncement;
  private final Thread thread;
  private volatile boolean closing;

  /**
   * A listener that runs; it owns the consumer and hears what is sent after this returns.
   *
   * @param onAnnouncement called on the listener's thread; returns at once
   * @throws IllegalStateException if there is no such topic
   * @throws KafkaException if it cannot be read
   */
  public AnnouncementListener(
      Consumer<byte[], byte[]> consumer, String topic, Runnable onAnnouncement) {
    this.consumer = consumer;
    this.onAnnouncement = onAnnouncement;
    List<PartitionInfo> infos = consumer.partitionsFor(topic);
    if (infos == null || infos.isEmpty()) {
      consumer.close();
      throw new IllegalStateException(
          "topic '%s' of checkpoints.announcements does not exist; create it or leave the key out"
              .formatted(topic));
    }
    List<TopicPartition> partitions =
        infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    this.thread = Thread.ofPlatform().name("sedd-announcements").start(this::run);
  }

  private void run() {
    while (!closing) {
      try {
        consumer.poll(POLL).forEach(this::hear);
      } catch (WakeupException | InterruptException _) {
        // closing
      } catch (KafkaException e) {
        log.error("announcements are not heard any more; LATEST is looked at as before", e);
        return;
      }
    }
  }

  private void hear(ConsumerRecord<byte[], byte[]> record) {
    String name =
        record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8).strip();
    if (CheckpointNames.isBare(name)) {
      log.info("checkpoint {} is announced", name);
      onAnnouncement.run();
    } else {
      log.warn(
          "an announcement is ignored, its value is no name of a checkpoint: partition {}, offset"
              + " {}",
          record.partition(),
          record.offset());
    }
  }

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    consumer.close();
  }
}
