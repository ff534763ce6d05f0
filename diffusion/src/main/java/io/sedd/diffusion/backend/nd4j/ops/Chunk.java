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
    return atMost(Math.clamp(ELEMENTS / Math.max(1, columns), 1, ROWS), rows);
  }

  /** All elements, in order, as rows of one. */
  static List<Chunk> ofElements(long elements) {
    return atMost(ELEMENTS, Math.toIntExact(elements));
  }

  /** All rows in order, so many at once. */
  static List<Chunk> atMost(int most, int rows) {
    List<Chunk> chunks = new ArrayList<>();
    for (int first = 0; first < rows; first += most) {
      chunks.add(new Chunk(first, Math.min(most, rows - first)));
    }
    return chunks;
  }

  /** The row after the last. */
  int end() {
    return first + rows;
  }
}
