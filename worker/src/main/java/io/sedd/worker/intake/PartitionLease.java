package io.sedd.worker.intake;

import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A partition for as long as this worker has it: what is in hand of it and what is finished. Owned
 * by the intake's thread.
 */
final class PartitionLease {

  private final TopicPartition partition;
  private final long number;
  private final long firstOfItsOwn;
  private final Map<Long, HeldRecord> held = new TreeMap<>();
  private OffsetTracker tracker;
  private long heldBytes;
  private OptionalLong beyondWindow = OptionalLong.empty();

  PartitionLease(TopicPartition partition, long number, OffsetTracker tracker, long firstOfItsOwn) {
    this.partition = partition;
    this.number = number;
    this.firstOfItsOwn = firstOfItsOwn;
    this.tracker = tracker;
  }

  TopicPartition partition() {
    return partition;
  }

  OffsetTracker tracker() {
    return tracker;
  }

  /** The state of affairs after a commit that the broker has. */
  void committed(OffsetTracker next) {
    tracker = next;
    held.values()
        .removeIf(
            record -> {
              boolean gone = next.isFinished(record.record().offset());
              heldBytes -= gone ? record.bytes() : 0;
              return gone;
            });
  }

  /** Takes a record in hand; null if it is finished or in hand already. */
  HeldRecord hold(ConsumerRecord<byte[], byte[]> record) {
    if (!tracker.admit(record.offset())) {
      return null;
    }
    HeldRecord fresh = new HeldRecord(record, tracker.starts(record.offset()) + 1);
    held.put(record.offset(), fresh);
    heldBytes += fresh.bytes();
    return fresh;
  }

  /** Size of the records in hand. */
  long heldBytes() {
    return heldBytes;
  }

  HeldRecord held(long offset) {
    return held.get(offset);
  }

  Collection<HeldRecord> allHeld() {
    return held.values();
  }

  /** Whether the record was sent during this lease, so that nobody can have started it before. */
  boolean sawItCome(long offset) {
    return offset >= firstOfItsOwn;
  }

  RecordPosition position(long offset) {
    return new RecordPosition(partition.partition(), offset, number);
  }

  boolean holds(RecordPosition position) {
    return position.lease() == number && position.partition() == partition.partition();
  }

  /** Notes that a fetched record lies beyond the window and was left on the broker. */
  void leave(long offset) {
    beyondWindow = OptionalLong.of(offset);
  }

  /** Whether fetching has to wait until the first unfinished record is finished. */
  boolean waitsForWindow() {
    return beyondWindow.isPresent() && !tracker.reaches(beyondWindow.getAsLong());
  }

  /** Whether jobs are running whose end has not been heard of. */
  boolean hasRunning() {
    return held.values().stream().anyMatch(HeldRecord::mayEnd);
  }
}
