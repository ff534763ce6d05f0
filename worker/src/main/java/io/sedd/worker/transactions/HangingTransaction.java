package io.sedd.worker.transactions;

import java.time.Instant;
import org.apache.kafka.common.TopicPartition;

/**
 * A transaction that is open in a partition and that no coordinator will end.
 *
 * @param partition where readers of committed records, or the group's offsets, wait behind it
 * @param producerId of the producer that wrote it
 * @param producerEpoch that it was written with
 * @param coordinatorEpoch of the coordinator of that producer's last marker; 0 if it had none
 * @param firstOffset of the transaction in the partition
 * @param lastWritten when the producer last wrote into the partition
 */
public record HangingTransaction(
    TopicPartition partition,
    long producerId,
    int producerEpoch,
    int coordinatorEpoch,
    long firstOffset,
    Instant lastWritten) {

  boolean isAt(TopicPartition otherPartition, long otherProducerId, long otherFirstOffset) {
    return partition.equals(otherPartition)
        && producerId == otherProducerId
        && firstOffset == otherFirstOffset;
  }
}
