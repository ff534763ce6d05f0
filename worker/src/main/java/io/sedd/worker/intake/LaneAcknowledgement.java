package io.sedd.worker.intake;

import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acknowledges records of one share consumer. An acknowledgement that the broker does not take is
 * no loss: the record comes again when its lock ends, and its result twice. Owned by the lane's
 * thread.
 */
record LaneAcknowledgement(ShareConsumer<byte[], byte[]> consumer, WorkerMetrics metrics) {

  private static final Logger log = LoggerFactory.getLogger(LaneAcknowledgement.class);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** Acknowledges all of them in one way and tells the broker at once. */
  void send(List<ConsumerRecord<byte[], byte[]>> records, AcknowledgeType type) {
    if (records.isEmpty()) {
      return;
    }
    try {
      records.forEach(record -> consumer.acknowledge(record, type));
      consumer
          .commitSync(LIMIT)
          .forEach(
              (partition, failure) ->
                  failure.ifPresent(why -> failed(type, partition.topicPartition(), why)));
    } catch (KafkaException e) {
      FatalFaults.rethrow(e);
      failed(type, "all partitions", e);
    }
  }

  private void failed(AcknowledgeType type, Object where, KafkaException why) {
    metrics.count(Metric.ACKNOWLEDGEMENTS_REFUSED);
    log.warn("{} of {} was not taken, its jobs will come again: {}", type, where, why.toString());
  }
}
