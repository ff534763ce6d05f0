package io.sedd.worker.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.protocol.job.JobCodec;
import io.sedd.worker.broker.KafkaSite;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Records sent one at a time, each after the answer to the last has been read. */
@SuppressWarnings("try") // closing waits for a thread and may be interrupted
record RoundTrips(KafkaSite site) {

  private static final int WARM_UP = 500;

  /** Sorted milliseconds from a client to itself through a topic that no worker reads. */
  double[] direct(int count) throws Exception {
    return measure(count, site.topics().control(), site.topics().control());
  }

  /** Sorted milliseconds from sending a job to reading its result. */
  double[] throughWorker(int count) throws Exception {
    return measure(count, site.topics().jobs(), site.topics().results());
  }

  /**
   * Sorted milliseconds through a loop that does no more than exactly-once delivery must: read a
   * record, and put an answer and the record's offset into one transaction. Two producers take
   * turns, as the worker's do.
   */
  double[] throughBareTransactions(int count) throws Exception {
    try (BareTransactions _ = new BareTransactions(site)) {
      return measure(count, site.topics().progress(), site.topics().results());
    }
  }

  private double[] measure(int count, String to, String from) throws Exception {
    double[] millis = new double[count];
    try (Producer<byte[], byte[]> producer = site.clients("trips").plainProducer();
        Consumer<byte[], byte[]> consumer = site.clients("trips").plainConsumer()) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(from).stream()
              .map(info -> new TopicPartition(from, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      partitions.forEach(consumer::position);
      for (int i = -WARM_UP; i < count; i++) {
        var job = BenchedWorker.jobs("lone" + i, 1).getFirst();
        long begin = System.nanoTime();
        var _ =
            producer.send(new ProducerRecord<>(to, job.id().getBytes(UTF_8), JobCodec.encode(job)));
        while (consumer.poll(Duration.ofMillis(200)).isEmpty()) {
          // goes on until it is there
        }
        if (i >= 0) {
          millis[i] = (System.nanoTime() - begin) / 1e6;
        }
      }
    }
    Arrays.sort(millis);
    return millis;
  }
}
