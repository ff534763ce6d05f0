package io.sedd.cuda.ptx.machine;

import java.util.Arrays;

/** Which bytes of a memory have ever been written. */
final class Written {

  private final long[] bits;

  Written(int bytes) {
    bits = new long[bytes / 64 + 1];
  }

  /** An aligned access: {@code size} is a power of two up to 16 and divides {@code at}. */
  void mark(int at, int size) {
    bits[at >>> 6] |= ((1L << size) - 1) << at;
  }

  boolean all(int at, int size) {
    long mask = ((1L << size) - 1) << at;
    return (bits[at >>> 6] & mask) == mask;
  }

  void markRange(int from, int to) {
    for (int i = from; i < to; ) {
      if ((i & 63) == 0 && to - i >= 64) {
        bits[i >>> 6] = -1;
        i += 64;
      } else {
        mark(i++, 1);
      }
    }
  }

  void clearRange(int from, int to) {
    for (int i = from; i < to; i++) {
      bits[i >>> 6] &= ~(1L << i);
    }
  }

  /** The first byte of a range that was never written, or -1. */
  int firstUnwritten(int from, int to) {
    for (int i = from; i < to; ) {
      if ((i & 63) == 0 && bits[i >>> 6] == -1) {
        i += 64;
      } else if (!all(i, 1)) {
        return i;
      } else {
        i++;
      }
    }
    return -1;
  }

  void clear() {
    Arrays.fill(bits, 0);
  }
}
