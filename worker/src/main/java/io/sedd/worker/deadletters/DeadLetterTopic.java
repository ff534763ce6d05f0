package io.sedd.worker.deadletters;

import io.sedd.worker.kafka.KafkaClients;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the dead-letter topic from its beginning to its present end, one record in memory at a
 * time.
 *
 * <p>The end is that of all records, committed or not, and the reading waits until open
 * transactions before it have ended: the mark of a replay may stand behind one, and a reader that
 * overlooked it would replay a second time.
 *
 * @param clients to read with
 * @param topic name of the topic
 */
record DeadLetterTopic(KafkaClients clients, String topic) {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Which dead letters have been replayed. */
  Set<LetterPosition> replayed() throws InterruptedException {
    Set<LetterPosition> replayed = new HashSet<>();
    scan(record -> DeadLetter.replayedBy(record).ifPresent(replayed::add));
    return replayed;
  }

  /** Gives the dead letters that are meant, in the order of each partition. */
  void letters(LetterFilter filter, Consumer<DeadLetter> taker) throws InterruptedException {
    scan(
        record -> {
          DeadLetter letter = DeadLetter.of(record);
          if (DeadLetter.replayedBy(record).isEmpty() && filter.takes(letter)) {
            taker.accept(letter);
          }
        });
  }

  private void scan(Consumer<ConsumerRecord<byte[], byte[]>> taker) throws InterruptedException {
    try (var consumer = clients.plainConsumer()) {
      List<PartitionInfo> known = consumer.partitionsFor(topic);
      if (known.isEmpty()) {
        throw new IllegalStateException("there is no topic " + topic);
      }
      List<TopicPartition> partitions =
          known.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
      Map<TopicPartition, Long> ends = ends(partitions);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = System.nanoTime() + LIMIT.toNanos();
      while (!partitions.stream().allMatch(p -> consumer.position(p) >= ends.get(p))) {
        var fetched = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> record : fetched) {
          if (record.offset() < ends.get(new TopicPartition(topic, record.partition()))) {
            taker.accept(record);
          }
        }
        if (!fetched.isEmpty()) {
          end = System.nanoTime() + LIMIT.toNanos();
        } else if (System.nanoTime() - end > 0) {
          throw new IllegalStateException(
              "the end of "
                  + topic
                  + " cannot be read for "
                  + LIMIT.toSeconds()
                  + " s: a transaction is open or a partition has no leader; try again later");
        }
      }
    }
  }

  private Map<TopicPartition, Long> ends(List<TopicPartition> partitions)
      throws InterruptedException {
    try (Admin admin = clients.admin()) {
      return admin
          .listOffsets(
              partitions.stream().collect(Collectors.toMap(p -> p, _ -> OffsetSpec.latest())),
              new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
          .all()
          .get()
          .entrySet()
          .stream()
          .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
    } catch (ExecutionException e) {
      throw new KafkaException("the ends of " + topic + " cannot be read", e.getCause());
    }
  }
}
