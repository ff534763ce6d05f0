package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.AttentionMask;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import io.sedd.diffusion.backend.nd4j.rows.TileRows;

/**
 * One head of one sequence in attention: where its numbers lie, and how they are packed. A row of a
 * head is 256 bytes in thousands, which few sets of a cache would share; packed, they fill it.
 *
 * @param start first row of the sequence
 * @param length its rows
 * @param number of the head, from 0
 * @param size columns of a head
 * @param paddedSize size up to a multiple of the lanes and of {@link TileRows#ROWS}
 * @param panel queries that lie side by side
 */
record Head(int start, int length, int number, int size, int paddedSize, int panel) {

  static Head of(RowLayout layout, int sequence, int number, int size, RowKernels rows) {
    return new Head(
        layout.start(sequence),
        layout.length(sequence),
        number,
        size,
        up(size, Math.max(rows.lanes(), TileRows.ROWS)),
        rows.tiles().panel());
  }

  /** Rows up to a multiple of what the tiles take. */
  int paddedLength() {
    return up(length, TileRows.ROWS);
  }

  /** Panels of its queries, the last one padded. */
  int panels() {
    return Math.ceilDiv(length, panel);
  }

  /** The key after the last one that a query of a panel attends to. */
  int lastKey(int number, AttentionMask mask) {
    return mask.end(Math.min(length, (number + 1) * panel) - 1, length);
  }

  /**
   * Minus infinity in the scores of the keys that a panel's queries do not attend to.
   *
   * @param scores of keys from {@code from} on, [keys, panel]
   */
  void hide(long scores, int number, int from, int keys, AttentionMask mask) {
    for (int i = 0; i < panel; i++) {
      int query = Math.min(length - 1, number * panel + i);
      for (int j = Math.max(0, mask.end(query, length) - from); j < keys; j++) {
        Memory.set(scores + 4L * ((long) j * panel + i), Float.NEGATIVE_INFINITY);
      }
    }
  }

  /** Numbers of its packed rows. */
  long rowNumbers() {
    return (long) paddedLength() * paddedSize;
  }

  /** Numbers of a panel of queries, [paddedSize, panel] or [panel, paddedSize]. */
  int panelNumbers() {
    return paddedSize * panel;
  }

  private static int up(int value, int multiple) {
    return Math.ceilDiv(value, multiple) * multiple;
  }

  /** Address of this head's columns, from {@code offset} on, in the sequence's row i. */
  long at(Nd4jTensor tensor, int offset, int i) {
    return tensor.row(start + i) + 4L * (offset + number * size);
  }

  /**
   * Rows from {@code from} to {@code to} below each other, [to - from, paddedSize]; 0 as padding.
   */
  void pack(Nd4jTensor tensor, int offset, int from, int to, long target, RowKernels rows) {
    for (int i = from; i < to; i++) {
      long row = target + 4L * paddedSize * (i - from);
      if (i < length) {
        rows.spans().copy(at(tensor, offset, i), row, size);
        if (size < paddedSize) {
          rows.spans().fill(row + 4L * size, 0, paddedSize - size);
        }
      } else {
        rows.spans().fill(row, 0, paddedSize);
      }
    }
  }

  /** The way back of {@link #pack}: rows from {@code from} to {@code to}, without padding. */
  void unpack(long source, Nd4jTensor tensor, int offset, int from, int to, RowKernels rows) {
    for (int i = from; i < Math.min(to, length); i++) {
      long row = source + 4L * paddedSize * (i - from);
      rows.spans().copy(row, at(tensor, offset, i), size);
    }
  }

  /** The queries of a panel side by side, [paddedSize, panel]; 0 as padding. */
  void packPanel(Nd4jTensor tensor, int offset, int number, long target, RowKernels rows) {
    int from = number * panel;
    int count = Math.min(panel, length - from);
    if (count < panel || size < paddedSize) {
      Memory.clear(target, panelNumbers());
    }
    rows.tiles()
        .transpose(
            at(tensor, offset, from), 4L * tensor.columns(), target, 4L * panel, count, size);
  }

  /** The way back of {@link #packPanel}, without padding. */
  void unpackPanel(long source, Nd4jTensor tensor, int offset, int number, RowKernels rows) {
    int from = number * panel;
    int count = Math.min(panel, length - from);
    rows.tiles()
        .transpose(
            source, 4L * panel, at(tensor, offset, from), 4L * tensor.columns(), size, count);
  }
}
