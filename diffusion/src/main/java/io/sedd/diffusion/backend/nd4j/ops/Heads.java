package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.RowLayout;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One sequence's rows, split into heads: views [heads, rows, d] on rows that lie as [rows, heads ·
 * d] among other columns.
 *
 * @param first row of the sequence
 * @param length rows of the sequence
 * @param heads of the rows
 * @param d numbers of a head in a row
 */
record Heads(int first, int length, int heads, int d) {

  /** Logits at once, of all heads: 64 MiB. */
  private static final int LOGITS = 1 << 24;

  static Heads of(RowLayout layout, int sequence, int heads, int hidden) {
    return new Heads(layout.start(sequence), layout.length(sequence), heads, hidden / heads);
  }

  /**
   * The heads that begin at a column of some of the rows.
   *
   * @param from first of the rows, from 0 within the sequence
   */
  INDArray of(OpsTensor tensor, int column, int from, int rows) {
    return tensor.window(
        (long) (first + from) * tensor.columns() + column,
        new long[] {heads, rows, d},
        new long[] {d, tensor.columns(), 1});
  }

  /** One number a row and head of [R, heads]; [heads, rows, 1]. */
  INDArray ofEach(OpsTensor tensor, int from, int rows) {
    return tensor.window(
        (long) (first + from) * tensor.columns(),
        new long[] {heads, rows, 1},
        new long[] {1, tensor.columns(), 1});
  }

  /** Queries that are taken at once, against all keys. */
  Iterable<Chunk> queries() {
    return Chunk.atMost(Math.max(1, LOGITS / heads / Math.max(1, length)), length);
  }
}
