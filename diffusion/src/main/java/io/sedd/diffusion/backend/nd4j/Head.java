package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.nd4j.rows.Memory;

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
  void pack(Nd4jTensor tensor, int offset, int from, int to, long target) {
    for (int i = from; i < to; i++) {
      long row = target + 4L * paddedSize * (i - from);
      Memory.copy(at(tensor, offset, i), row, size);
      Memory.clear(row + 4L * size, paddedSize - size);
    }
  }

  /** All rows as columns, [size, paddedLength]. */
  void packTransposed(Nd4jTensor tensor, int offset, long target) {
    for (int i = 0; i < length; i++) {
      long source = at(tensor, offset, i);
      for (int j = 0; j < size; j++) {
        Memory.set(target + 4L * ((long) paddedLength * j + i), Memory.get(source + 4L * j));
      }
    }
    for (int j = 0; j < size; j++) {
      Memory.clear(target + 4L * ((long) paddedLength * j + length), paddedLength - length);
    }
  }

  /** Sets the padding of a row of scores to minus infinity: weight 0 in the softmax. */
  void exclude(long row) {
    for (int j = length; j < paddedLength; j++) {
      Memory.set(row + 4L * j, Float.NEGATIVE_INFINITY);
    }
  }
}
