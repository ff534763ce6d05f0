package io.sedd.worker.intake;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The partitions that this worker has. Owned by the intake's thread. */
final class Leases {

  /** By number of the partition: all are of the jobs topic. */
  private final Map<Integer, PartitionLease> leases = new HashMap<>();

  private long granted;

  /**
   * Begins a lease.
   *
   * @param committed what the group has committed; null for nothing
   * @param position where the consumer stands if nothing is committed
   * @param end of the partition now: whatever is sent from there on, no earlier lease has seen
   */
  void grant(TopicPartition partition, OffsetAndMetadata committed, long position, long end) {
    OffsetTracker tracker =
        committed == null
            ? new OffsetTracker(position, "")
            : new OffsetTracker(committed.offset(), committed.metadata());
    leases.put(partition.partition(), new PartitionLease(partition, ++granted, tracker, end));
  }

  void end(Collection<PartitionLease> ended) {
    ended.forEach(lease -> leases.remove(lease.partition().partition()));
  }

  List<PartitionLease> of(Collection<TopicPartition> partitions) {
    return partitions.stream().flatMap(partition -> of(partition).stream()).toList();
  }

  Optional<PartitionLease> of(TopicPartition partition) {
    return Optional.ofNullable(leases.get(partition.partition()));
  }

  /** The lease that a position belongs to, unless it has ended. */
  Optional<PartitionLease> of(RecordPosition position) {
    PartitionLease lease = leases.get(position.partition());
    return lease != null && lease.holds(position) ? Optional.of(lease) : Optional.empty();
  }

  List<PartitionLease> all() {
    return new ArrayList<>(leases.values());
  }
}
