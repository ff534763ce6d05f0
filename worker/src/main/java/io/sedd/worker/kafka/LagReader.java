package io.sedd.worker.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** How many records of the jobs topic a group has still to finish. */
@FunctionalInterface
public interface LagReader {

  /** For each answer of the broker. */
  Duration LIMIT = Duration.ofSeconds(20);

  /** Asks the broker. */
  long read(Admin admin) throws ExecutionException, InterruptedException, TimeoutException;

  /** Of a share group. */
  static LagReader ofShareGroup(String group) {
    return admin ->
        answer(
                admin
                    .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                    .partitionsToOffsetInfo(group))
            .values()
            .stream()
            .mapToLong(LagReader::lag)
            .sum();
  }

  /** Null stands for a partition that the group has not begun. */
  private static long lag(SharePartitionOffsetInfo info) {
    return info == null ? 0 : info.lag().orElse(0L);
  }

  /**
   * Of a consumer group: ends of the topic less the committed offsets, which are watermarks, so
   * that jobs finished above one count until those below are finished too.
   */
  static LagReader ofConsumerGroup(String group, String topic) {
    return admin -> {
      List<TopicPartition> partitions =
          answer(admin.describeTopics(List.of(topic)).allTopicNames())
              .get(topic)
              .partitions()
              .stream()
              .map(TopicPartitionInfo::partition)
              .map(number -> new TopicPartition(topic, number))
              .toList();
      // before the ends: what is committed meanwhile makes no lag negative
      Map<TopicPartition, OffsetAndMetadata> committed = committed(admin, group);
      Map<TopicPartition, ListOffsetsResultInfo> begins =
          ask(admin, partitions, OffsetSpec.earliest());
      Map<TopicPartition, ListOffsetsResultInfo> ends = ask(admin, partitions, OffsetSpec.latest());
      long lag = 0;
      for (TopicPartition partition : partitions) {
        long begin = begins.get(partition).offset();
        OffsetAndMetadata done = committed.get(partition);
        lag +=
            ends.get(partition).offset() - (done == null ? begin : Math.max(begin, done.offset()));
      }
      return lag;
    };
  }

  private static Map<TopicPartition, OffsetAndMetadata> committed(Admin admin, String group)
      throws ExecutionException, InterruptedException, TimeoutException {
    try {
      return answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return Map.of();
      }
      throw e;
    }
  }

  private static Map<TopicPartition, ListOffsetsResultInfo> ask(
      Admin admin, List<TopicPartition> partitions, OffsetSpec which)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> question = new HashMap<>();
    partitions.forEach(partition -> question.put(partition, which));
    return answer(admin.listOffsets(question).all());
  }

  private static <T> T answer(KafkaFuture<T> coming)
      throws ExecutionException, InterruptedException, TimeoutException {
    return coming.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }
}
