package io.sedd.worker.intake;

import java.util.BitSet;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which records of one partition are finished, and how often the others were started.
 *
 * <p>Jobs finish in any order, but Kafka keeps one offset for a partition. So the committed offset
 * is the <em>watermark</em>, the first unfinished record, and what is known above it (finished
 * records, started records) travels in the commit's metadata, see {@link OffsetMetadata}. A record
 * that was started and never finished may have killed its worker: the count tells the next one.
 *
 * <p>Not thread-safe. Sets of offsets are bitmaps relative to the watermark.
 */
final class OffsetTracker {

  /**
   * Most records from the watermark on that are followed: four bitmaps of 6,000 bits are 3,008
   * bytes, 4,014 characters in Base64, below the 4,096 that a broker takes as metadata by default.
   */
  static final int WINDOW = 6000;

  /** Starts are counted up to here: three bits an offset. */
  static final int MOST_STARTS = 7;

  private long watermark;
  private long end;
  private final BitSet pending;
  private final BitSet finished;
  private final NavigableMap<Long, Integer> starts;

  /** Goes on from a committed offset and its metadata, empty where nothing was committed. */
  OffsetTracker(long offset, String metadata) {
    this(offset, offset, new BitSet(), new BitSet(), new TreeMap<>());
    OffsetMetadata known = OffsetMetadata.decode(metadata);
    finished.or(known.finished());
    known.starts().forEach((distance, count) -> starts.put(offset + distance, count));
  }

  private OffsetTracker(
      long watermark, long end, BitSet pending, BitSet finished, NavigableMap<Long, Integer> starts) {
    this.watermark = watermark;
    this.end = end;
    this.pending = pending;
    this.finished = finished;
    this.starts = starts;
  }

  /** A tracker of its own with the same content: the state that a commit would lead to. */
  OffsetTracker copy() {
    return new OffsetTracker(
        watermark, end, (BitSet) pending.clone(), (BitSet) finished.clone(), new TreeMap<>(starts));
  }

  /** Whether a record lies within the window; one beyond it has to wait on the broker. */
  boolean reaches(long offset) {
    return offset - watermark < WINDOW;
  }

  /** Takes a fetched record up; false if it is finished or in hand already. */
  boolean admit(long offset) {
    end = Math.max(end, offset + 1);
    if (isFinished(offset) || pending.get(distance(offset))) {
      return false;
    }
    pending.set(distance(offset));
    return true;
  }

  /** All records before this position have been fetched or do not exist. */
  void fetchedTo(long position) {
    end = Math.max(end, position);
    advance();
  }

  /** How often the record was started without being finished. */
  int starts(long offset) {
    return starts.getOrDefault(offset, 0);
  }

  /** Notes that a record has now been started so many times, at most {@link #MOST_STARTS}. */
  void started(long offset, int times) {
    if (times == 0 || isFinished(offset)) {
      starts.remove(offset);
    } else {
      starts.put(offset, Math.min(times, MOST_STARTS));
    }
  }

  /** Notes that records are finished for good. */
  void finish(Collection<Long> offsets) {
    for (long offset : offsets) {
      if (offset >= watermark) {
        pending.clear(distance(offset));
        finished.set(distance(offset));
        starts.remove(offset);
      }
    }
    advance();
  }

  /** Whether a record is finished. */
  boolean isFinished(long offset) {
    return offset < watermark || finished.get(distance(offset));
  }

  /** The offset to commit: the first record that is not finished. */
  long watermark() {
    return watermark;
  }

  /** The metadata to commit with {@link #watermark}. */
  String metadata() {
    TreeMap<Integer, Integer> distances = new TreeMap<>();
    starts.forEach((offset, count) -> distances.put(distance(offset), count));
    return new OffsetMetadata(finished, distances).encode();
  }

  private void advance() {
    // with nothing in hand the watermark is the end of what was fetched: every record before it
    // is finished, and gaps left by compaction and transaction markers hold no record
    long next = pending.isEmpty() ? end : watermark + pending.nextSetBit(0);
    if (next > watermark) {
      int step = (int) Math.min(next - watermark, Integer.MAX_VALUE);
      shift(pending, step);
      shift(finished, step);
      starts.headMap(next).clear();
      watermark = next;
    }
  }

  private static void shift(BitSet bits, int step) {
    BitSet moved = bits.length() > step ? bits.get(step, bits.length()) : new BitSet();
    bits.clear();
    bits.or(moved);
  }

  private int distance(long offset) {
    return Math.toIntExact(offset - watermark);
  }
}
