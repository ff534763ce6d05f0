package io.sedd.cuda.ptx.machine;

/**
 * The shared memory of a block, with what compute-sanitizer's racecheck and initcheck look for: a
 * word that was never written, and two threads that touch a word, one of them writing, with neither
 * a barrier of the block between them nor, in one warp, a {@code bar.warp.sync}. Two threads that
 * write the same value are no race. Accesses of single bytes are not looked at, since the unit of
 * what is noted is 2 bytes.
 */
public final class SharedMemory {

  // who touched a unit: epoch of the block in the high half; below it thread + 1 in 11 bits, syncs
  // of its warp in 17, and two flags for readers
  private static final int SYNC_SHIFT = 11;
  private static final int SYNC_MASK = 0x1_ffff;
  private static final int SEVERAL_LANES = 1 << 28;
  private static final int SEVERAL_WARPS = 1 << 29;

  private final byte[] bytes;
  private final Written written;
  private final long[] writers;
  private final long[] readers;
  private final boolean checks;
  private long epoch = 1;
  private LaneFault conflict;
  private final byte[] before = new byte[16];
  private int beforeAt;
  private int beforeSize;

  /**
   * @param checks whether races and reads of what was never written are faults
   */
  SharedMemory(int size, boolean checks) {
    bytes = new byte[size];
    written = new Written(size);
    this.checks = checks;
    writers = new long[checks ? size / 2 + 1 : 0];
    readers = new long[checks ? size / 2 + 1 : 0];
  }

  public int size() {
    return bytes.length;
  }

  public byte[] bytes() {
    return bytes;
  }

  /** For the next block: content is as undefined as on a card. */
  void begin() {
    written.clear();
    epoch++;
  }

  /** A barrier: what was stored before it is seen after it. */
  void passBarrier() {
    epoch++;
  }

  /** Checks a read and notes it. */
  public int read(Warp warp, int lane, long address, int size) {
    int at = bounds(lane, address, size, false);
    if (checks) {
      if (!written.all(at, size)) {
        throw new LaneFault(
            lane, "reads %d bytes at byte %d of shared memory, never written".formatted(size, at));
      }
      for (int unit = at >> 1; size > 1 && unit < (at + size) >> 1; unit++) {
        noteRead(warp, lane, unit);
      }
    }
    return at;
  }

  /** Checks a write and notes it; {@link #settle} must follow when the bytes are there. */
  public int write(Warp warp, int lane, long address, int size) {
    int at = bounds(lane, address, size, true);
    written.mark(at, size);
    if (checks) {
      for (int unit = at >> 1; size > 1 && unit < (at + size) >> 1; unit++) {
        noteWrite(warp, lane, unit, at, size);
      }
    }
    return at;
  }

  /** An atomic access races with no other atomic one. */
  public int atomic(int lane, long address, int size) {
    int at = bounds(lane, address, size, true);
    if (checks && !written.all(at, size)) {
      throw new LaneFault(
          lane, "changes %d bytes at byte %d of shared memory, never written".formatted(size, at));
    }
    return at;
  }

  /** After a write: two writers are a race only if they disagree. */
  public void settle() {
    if (conflict == null) {
      return;
    }
    LaneFault fault = conflict;
    conflict = null;
    for (int i = 0; i < beforeSize; i++) {
      if (before[i] != bytes[beforeAt + i]) {
        throw fault;
      }
    }
  }

  private int bounds(int lane, long address, int size, boolean write) {
    String verb = write ? "writes" : "reads";
    if (address < 0 || address + size > bytes.length) {
      throw new LaneFault(
          lane,
          "%s %d bytes at byte %d of shared memory, which has %d"
              .formatted(verb, size, address, bytes.length));
    }
    if ((address & (size - 1)) != 0) {
      throw new LaneFault(
          lane,
          "%s %d bytes at byte %d of shared memory, no multiple of %d"
              .formatted(verb, size, address, size));
    }
    return (int) address;
  }

  private long mark(Warp warp, int lane) {
    int thread = 32 * warp.index + lane + 1;
    return epoch << 32 | (long) (warp.syncs() & SYNC_MASK) << SYNC_SHIFT | thread;
  }

  private static int thread(long mark) {
    return ((int) mark & 0x7ff) - 1;
  }

  private static int syncs(long mark) {
    return (int) mark >> SYNC_SHIFT & SYNC_MASK;
  }

  /** Whether an earlier access of another thread is not ordered before this one. */
  private boolean unordered(long earlier, Warp warp, int lane) {
    if (earlier >>> 32 != epoch || thread(earlier) == 32 * warp.index + lane) {
      return false;
    }
    return thread(earlier) >> 5 != warp.index || syncs(earlier) == (warp.syncs() & SYNC_MASK);
  }

  private void noteRead(Warp warp, int lane, int unit) {
    if (unordered(writers[unit], warp, lane)) {
      throw race(warp, lane, unit, "reads", "wrote", writers[unit]);
    }
    long now = mark(warp, lane);
    long old = readers[unit];
    if (old >>> 32 == epoch && thread(old) != thread(now)) {
      if (thread(old) >> 5 != warp.index) {
        now |= SEVERAL_WARPS;
      } else if (syncs(old) == syncs(now)) {
        now |= SEVERAL_LANES;
      }
    }
    if (old >>> 32 == epoch) {
      boolean sameSync = thread(old) == thread(now) && syncs(old) == syncs(now);
      now |= old & (sameSync ? SEVERAL_WARPS | SEVERAL_LANES : SEVERAL_WARPS);
    }
    readers[unit] = now;
  }

  private void noteWrite(Warp warp, int lane, int unit, int at, int size) {
    long reader = readers[unit];
    if (reader >>> 32 == epoch) {
      boolean others =
          (reader & SEVERAL_WARPS) != 0
              || ((reader & SEVERAL_LANES) != 0 && syncs(reader) == (warp.syncs() & SYNC_MASK));
      if (others || unordered(reader, warp, lane)) {
        throw race(warp, lane, unit, "writes", "read", reader);
      }
    }
    if (unordered(writers[unit], warp, lane) && conflict == null) {
      conflict = race(warp, lane, unit, "writes", "wrote", writers[unit]);
      System.arraycopy(bytes, at, before, 0, size);
      beforeAt = at;
      beforeSize = size;
    }
    writers[unit] = mark(warp, lane);
  }

  private LaneFault race(Warp warp, int lane, int unit, String verb, String other, long earlier) {
    return new LaneFault(
        lane,
        "race: %s shared memory at byte %d, which %s %s with no barrier between"
            .formatted(verb, 2 * unit, warp.block().thread(thread(earlier)), other));
  }
}
