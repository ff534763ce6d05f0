package io.sedd.diffusion.backend.nd4j.ops;

import java.util.ArrayList;
import java.util.List;

/**
 * Some rows that a kernel takes at once, so that its own memory is bounded whatever the batch.
 *
 * @param first row
 * @param rows at least 1
 */
record Chunk(int first, int rows) {

  /** Elements at once: 16 MiB of double numbers. */
  private static final int ELEMENTS = 1 << 21;

  /** Rows at once: the matrix that sums rows by their sequence is at most so wide and so high. */
  private static final int ROWS = 1024;

  /** All rows of a matrix, in order. */
  static List<Chunk> of(int rows, int columns) {
    return of(rows, Math.clamp(ELEMENTS / Math.max(1, columns), 1, ROWS), 0);
  }

  /** Elements in order, of a matrix of one row. */
  static List<Chunk> ofElements(long elements) {
    return of(Math.toIntExact(elements), ELEMENTS, 0);
  }

  /** {@code rows} rows from {@code first} on, at most {@code most} at once. */
  static List<Chunk> of(int rows, int most, int first) {
    List<Chunk> chunks = new ArrayList<>();
    for (int from = 0; from < rows; from += most) {
      chunks.add(new Chunk(first + from, Math.min(most, rows - from)));
    }
    return chunks;
  }

  /** The row after the last. */
  int end() {
    return first + rows;
  }
}
