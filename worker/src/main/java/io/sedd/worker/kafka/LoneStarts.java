package io.sedd.worker.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often a record of a share group was started alone, kept by the broker: a share group itself
 * counts acquisitions only, and they rise for all that a dying worker held.
 *
 * <p>A count is the metadata of an offset that is committed for a group of the record's own, {@code
 * GROUP.lone.PARTITION.OFFSET}, so that no two workers write the same: only who has a record's lock
 * does. What is not deleted goes by the broker's {@code offsets.retention.minutes}. Thread-safe.
 */
public final class LoneStarts implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LoneStarts.class);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Admin admin;
  private final String group;
  private final String topic;

  /** Of the records of a topic; owns the client. */
  public LoneStarts(Admin admin, String group, String topic) {
    this.admin = admin;
    this.group = group;
    this.topic = topic;
  }

  /**
   * The count of a record, 0 if there is none.
   *
   * @throws KafkaException if the broker does not say
   */
  public int of(int partition, long offset) {
    String own = groupOf(partition, offset);
    OffsetAndMetadata known =
        answer(admin.listConsumerGroupOffsets(own).partitionsToOffsetAndMetadata(own))
            .get(new TopicPartition(topic, partition));
    return known == null ? 0 : Integer.parseInt(known.metadata());
  }

  /**
   * Sets the count of a record. When this returns the broker has it.
   *
   * @throws KafkaException if the broker may not have it
   */
  public void note(int partition, long offset, int count) {
    OffsetAndMetadata noted = new OffsetAndMetadata(offset, String.valueOf(count));
    var _ =
        answer(
            admin
                .alterConsumerGroupOffsets(
                    groupOf(partition, offset), Map.of(new TopicPartition(topic, partition), noted))
                .all());
  }

  /** Takes a count away; where that fails it goes when its time has come. */
  public void forget(int partition, long offset) {
    String own = groupOf(partition, offset);
    var _ =
        admin
            .deleteConsumerGroups(List.of(own))
            .all()
            .whenComplete(
                (_, failure) -> {
                  if (failure != null) {
                    log.debug("the group {} goes by itself: {}", own, failure.toString());
                  }
                });
  }

  private String groupOf(int partition, long offset) {
    return "%s.lone.%d.%d".formatted(group, partition, offset);
  }

  private static <T> T answer(KafkaFuture<T> future) {
    try {
      return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException fault ? fault : new KafkaException(e.getCause());
    } catch (TimeoutException e) {
      throw new org.apache.kafka.common.errors.TimeoutException(
          "no answer about lone starts in " + LIMIT, e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  @Override
  public void close() {
    admin.close(LIMIT);
  }
}
