package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.RowLayout;

/**
 * The rows of each sequence in chunks of at most {@value #ROWS}: what is summed over a sequence is
 * summed chunk by chunk and then over the chunks, in an order that depends on its length alone.
 */
final class SequenceChunks {

  static final int ROWS = 64;

  private final int[] firsts;
  private final RowLayout layout;
  private final int[] sequences;

  SequenceChunks(RowLayout layout) {
    this.layout = layout;
    this.firsts = new int[layout.sequences() + 1];
    for (int s = 0; s < layout.sequences(); s++) {
      firsts[s + 1] = firsts[s] + Math.ceilDiv(layout.length(s), ROWS);
    }
    this.sequences = new int[count()];
    for (int s = 0; s < layout.sequences(); s++) {
      for (int chunk = first(s); chunk < end(s); chunk++) {
        sequences[chunk] = s;
      }
    }
  }

  /** Number of chunks. */
  int count() {
    return firsts[layout.sequences()];
  }

  /** First chunk of a sequence. */
  int first(int sequence) {
    return firsts[sequence];
  }

  /** Chunk after the last of a sequence. */
  int end(int sequence) {
    return firsts[sequence + 1];
  }

  /** The sequence of a chunk. */
  int sequence(int chunk) {
    return sequences[chunk];
  }

  /** First row of a chunk. */
  int from(int chunk) {
    int sequence = sequence(chunk);
    return layout.start(sequence) + (chunk - first(sequence)) * ROWS;
  }

  /** Row after the last of a chunk. */
  int to(int chunk) {
    return Math.min(from(chunk) + ROWS, layout.end(sequence(chunk)));
  }
}
