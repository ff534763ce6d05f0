package io.sedd.worker.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Creates topics and waits until they can be written to.
 *
 * <p>The broker answers the creation before it leads the partitions. An idempotent producer that
 * writes at once may then have its first batch refused and a later one taken as the first, and is
 * wedged for its whole delivery timeout (seen in 18 of 30 rounds); so the partitions are asked for
 * their offsets until all of them answer.
 */
public final class TopicCreation {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private TopicCreation() {}

  /**
   * Creates topics of one replica.
   *
   * @param partitions number of partitions of each topic, by name
   * @throws KafkaException if a topic cannot be created or does not answer within 20 s
   */
  public static void create(Admin admin, Map<String, Integer> partitions) {
    List<NewTopic> topics = new ArrayList<>();
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    partitions.forEach(
        (name, count) -> {
          topics.add(new NewTopic(name, count, (short) 1));
          for (int i = 0; i < count; i++) {
            ends.put(new TopicPartition(name, i), OffsetSpec.latest());
          }
        });
    try {
      admin.createTopics(topics).all().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      awaitLeaders(admin, ends);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while creating " + partitions.keySet(), e);
    } catch (Exception e) {
      throw new KafkaException("cannot create the topics " + partitions.keySet(), e);
    }
  }

  private static void awaitLeaders(Admin admin, Map<TopicPartition, OffsetSpec> ends)
      throws InterruptedException, ExecutionException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try {
        admin.listOffsets(ends).all().get();
        return;
      } catch (ExecutionException e) {
        if (System.nanoTime() - end > 0) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }
}
