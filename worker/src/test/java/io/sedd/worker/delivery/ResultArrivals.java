package io.sedd.worker.delivery;

import io.sedd.worker.broker.KafkaSite;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Counts committed results as they come, without reading them. */
final class ResultArrivals implements AutoCloseable {

  private final Consumer<byte[], byte[]> consumer;

  /** Came, and not waited for yet. */
  private int surplus;

  ResultArrivals(KafkaSite site) {
    consumer = site.clients("arrivals").plainConsumer();
    List<TopicPartition> partitions =
        consumer.partitionsFor(site.topics().results()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
  }

  /** Waits for so many; gives results a second from the first that came to the last. */
  double await(int count) {
    int first = 0;
    long begin = 0;
    int heard = surplus;
    while (heard < count) {
      int now = consumer.poll(Duration.ofMillis(100)).count();
      if (now > 0 && first == 0) {
        first = now;
        begin = System.nanoTime();
      }
      heard += now;
    }
    surplus = heard - count;
    return (heard - first) / ((System.nanoTime() - begin) / 1e9);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
