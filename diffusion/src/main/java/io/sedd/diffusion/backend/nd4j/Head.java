package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.SpanRows;

/**
 * One head of one sequence in attention: where its numbers lie, and how it is packed. Widths are
 * padded with zeros to a multiple of the lanes.
 *
 * @param start first row of the sequence
 * @param length its rows
 * @param size columns of a head
 * @param column first column of the head's q in qkv, and of its mix
 * @param paddedLength length up to a multiple of the lanes
 * @param paddedSize size up to a multiple of the lanes
 */
record Head(int start, int length, int size, int column, int paddedLength, int paddedSize) {

  /** Numbers of a tile of scores: 64 KiB, which stays in the second-level cache. */
  private static final int TILE = 1 << 14;

  /**
   * Rows that are transposed together: a head's columns of so many stay in the first-level cache.
   */
  private static final int STRIPE = 16;

  static Head of(RowLayout layout, int sequence, int head, int size, int lanes) {
    int length = layout.length(sequence);
    return new Head(
        layout.start(sequence),
        length,
        size,
        head * size,
        Math.ceilDiv(length, lanes) * lanes,
        Math.ceilDiv(size, lanes) * lanes);
  }

  /** Queries that are worked on at once. */
  int block() {
    return Math.clamp(TILE / paddedLength, 4, 64);
  }

  /** Address of this head's columns, from {@code offset} on, in the sequence's row i. */
  long at(Nd4jTensor tensor, int offset, int i) {
    return tensor.row(start + i) + 4L * (offset + column);
  }

  /** Rows from {@code from} to {@code to} side by side, [to - from, paddedSize]. */
  void pack(Nd4jTensor tensor, int offset, int from, int to, long target, SpanRows spans) {
    long source = at(tensor, offset, from);
    long row = target;
    for (int i = from; i < to; i++) {
      spans.copy(source, row, size);
      for (int j = size; j < paddedSize; j++) {
        Memory.set(row + 4L * j, 0);
      }
      source += tensor.stride();
      row += 4L * paddedSize;
    }
  }

  /** The way back of {@link #pack}: rows from {@code from} to {@code to}. */
  void unpack(long source, Nd4jTensor tensor, int offset, int from, int to, SpanRows spans) {
    long target = at(tensor, offset, from);
    long row = source;
    for (int i = from; i < to; i++) {
      spans.copy(row, target, size);
      target += tensor.stride();
      row += 4L * paddedSize;
    }
  }

  /** All rows as columns, [size, paddedLength]. */
  void packTransposed(Nd4jTensor tensor, int offset, long target) {
    long stride = tensor.stride();
    for (int first = 0; first < length; first += STRIPE) {
      int end = Math.min(first + STRIPE, length);
      long corner = at(tensor, offset, first);
      for (int j = 0; j < size; j++) {
        long source = corner + 4L * j;
        long to = target + 4L * ((long) paddedLength * j + first);
        for (int i = first; i < end; i++) {
          Memory.set(to, Memory.get(source));
          source += stride;
          to += 4;
        }
      }
    }
    for (int j = 0; j < size; j++) {
      for (int i = length; i < paddedLength; i++) {
        Memory.set(target + 4L * ((long) paddedLength * j + i), 0);
      }
    }
  }

  /** Sets the padding of a row of scores to minus infinity: weight 0 in the softmax. */
  void exclude(long row) {
    for (int j = length; j < paddedLength; j++) {
      Memory.set(row + 4L * j, Float.NEGATIVE_INFINITY);
    }
  }
}
