package io.sedd.diffusion.text;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Remembers the tokens of pieces seen lately. Bounded: a piece has one slot, by its hash, and takes
 * it from whoever was there. Thread-safe without a lock: an entry is immutable and a lost race
 * costs one more computation.
 */
final class PieceCache {

  /** A power of two; natural text repeats some ten thousand pieces, 32,768 slots are 4 MB full. */
  private static final int SLOTS = 1 << 15;

  /** Longer pieces hardly ever come again, and would let a text fill the memory. */
  private static final int LONGEST_PIECE = 48;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Entry(String piece, int[] tokens) {}

  private final AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(SLOTS);

  /** The piece's tokens, or null where they are not remembered. Not to be changed. */
  int[] find(String piece) {
    Entry entry = entries.getAcquire(slot(piece));
    return entry != null && entry.piece.equals(piece) ? entry.tokens : null;
  }

  /** Remembers a piece's tokens, if it is short. */
  void remember(String piece, int[] tokens) {
    if (piece.length() <= LONGEST_PIECE) {
      entries.setRelease(slot(piece), new Entry(piece, tokens));
    }
  }

  private static int slot(String piece) {
    int hash = piece.hashCode();
    return (hash ^ (hash >>> 16)) & (SLOTS - 1);
  }
}
