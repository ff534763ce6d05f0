package io.sedd.worker.intake;

import java.util.Collection;

/**
 * How many records the intake holds at most, whatever they ask for. The scheduler's queue is
 * bounded in token·steps, of which a small job has few: a million of them would fit, and would fill
 * the heap. So fetching also stops at {@value #MOST_RECORDS} records or {@value #MOST_BYTES} bytes
 * in hand, and goes on below three quarters of either. Owned by the intake's thread.
 */
final class InHand {

  static final int MOST_RECORDS = 20_000;
  static final long MOST_BYTES = 64 << 20;

  private boolean full;

  /** Whether fetching has to wait. */
  boolean full(Collection<PartitionLease> leases) {
    long records = 0;
    long bytes = 0;
    for (PartitionLease lease : leases) {
      records += lease.allHeld().size();
      bytes += lease.heldBytes();
    }
    double share = full ? 0.75 : 1;
    full = records >= share * MOST_RECORDS || bytes >= share * MOST_BYTES;
    return full;
  }
}
