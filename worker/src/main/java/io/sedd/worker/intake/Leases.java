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

  private final Map<TopicPartition, PartitionLease> leases = new HashMap<>();
  private long granted;

  /**
   * Begins a lease.
   *
   * @param committed what the group has committed; null for nothing
   * @param position where the consumer stands if nothing is committed
   */
  void grant(TopicPartition partition, OffsetAndMetadata committed, long position) {
    OffsetTracker tracker =
        committed == null
            ? new OffsetTracker(position, "")
            : new OffsetTracker(committed.offset(), committed.metadata());
    leases.put(partition, new PartitionLease(partition, ++granted, tracker));
  }

  void end(Collection<PartitionLease> ended) {
    ended.forEach(lease -> leases.remove(lease.partition()));
  }

  List<PartitionLease> of(Collection<TopicPartition> partitions) {
    return partitions.stream().filter(leases::containsKey).map(leases::get).toList();
  }

  Optional<PartitionLease> of(TopicPartition partition) {
    return Optional.ofNullable(leases.get(partition));
  }

  /** The lease that a position belongs to, unless it has ended. */
  Optional<PartitionLease> of(RecordPosition position) {
    return leases.values().stream().filter(lease -> lease.holds(position)).findAny();
  }

  List<PartitionLease> all() {
    return new ArrayList<>(leases.values());
  }
}
