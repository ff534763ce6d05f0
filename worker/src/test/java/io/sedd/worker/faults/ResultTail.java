package io.sedd.worker.faults;

import io.sedd.worker.broker.KafkaSite;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads results and dead letters into a ledger as they are committed ({@code read_committed}).
 * Owned by one thread.
 */
final class ResultTail implements AutoCloseable {

  private final KafkaSite site;
  private final Ledger ledger;
  private final Consumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;

  ResultTail(KafkaSite site, Ledger ledger) {
    this.site = site;
    this.ledger = ledger;
    this.consumer = site.clients("audit").plainConsumer();
    this.partitions =
        Stream.of(site.topics().results(), site.topics().deadLetters())
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Takes in what has come, waiting for so long at most. */
  void read(Duration limit) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(limit)) {
      if (record.topic().equals(site.topics().results())) {
        ledger.result(record.value());
      } else {
        ledger.deadLetter(record.key());
      }
    }
  }

  /**
   * Takes in everything that is there, to the end of the topics. No worker may be running: what one
   * had begun is committed or given up then, so that the end is not behind an open transaction.
   */
  void readAll(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      read(Duration.ofMillis(50));
      Map<TopicPartition, Long> ends = site.endOffsets(partitions);
      if (partitions.stream().allMatch(p -> consumer.position(p) >= ends.get(p))) {
        return;
      }
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("an open transaction hides the end of " + ends);
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
