package io.sedd.worker.intake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * One transaction in the making: records to publish, and for every partition concerned the state
 * that the commit would lead to. The leases themselves change when the broker has it.
 */
final class CommitPlan {

  private final Map<PartitionLease, OffsetTracker> next = new LinkedHashMap<>();
  private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final ToLongFunction<TopicPartition> fetchPosition;

  CommitPlan(ToLongFunction<TopicPartition> fetchPosition) {
    this.fetchPosition = fetchPosition;
  }

  void finish(PartitionLease lease, long offset, List<ProducerRecord<byte[], byte[]>> published) {
    tracker(lease).finish(List.of(offset));
    records.addAll(published);
  }

  void started(PartitionLease lease, long offset, int times) {
    tracker(lease).started(offset, times);
  }

  boolean isEmpty() {
    return next.isEmpty();
  }

  List<ProducerRecord<byte[], byte[]>> records() {
    return records;
  }

  Map<TopicPartition, OffsetAndMetadata> offsets() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    next.forEach(
        (lease, tracker) ->
            offsets.put(
                lease.partition(), new OffsetAndMetadata(tracker.watermark(), tracker.metadata())));
    return offsets;
  }

  /** The broker has the commit. */
  void done() {
    next.forEach(PartitionLease::committed);
  }

  private OffsetTracker tracker(PartitionLease lease) {
    return next.computeIfAbsent(
        lease,
        l -> {
          OffsetTracker copy = l.tracker().copy();
          copy.fetchedTo(fetchPosition.applyAsLong(l.partition()));
          return copy;
        });
  }
}
