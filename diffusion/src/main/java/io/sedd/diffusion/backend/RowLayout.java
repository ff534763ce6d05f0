package io.sedd.diffusion.backend;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which rows belong to which sequence: one row a token, sequences laid end to end with no padding.
 * A selection of rows is a layout too; its rows keep the positions that they had. Immutable.
 */
public final class RowLayout {

  private final int[] starts;
  private final int[] sequenceOf;
  private final int[] positionOf;
  private final int longest;

  private RowLayout(int[] starts, int[] sequenceOf, int[] positionOf) {
    this.starts = starts;
    this.sequenceOf = sequenceOf;
    this.positionOf = positionOf;
    int max = 0;
    for (int s = 0; s + 1 < starts.length; s++) {
      max = Math.max(max, starts[s + 1] - starts[s]);
    }
    this.longest = max;
  }

  /**
   * Sequences of the given lengths, end to end.
   *
   * @throws IllegalArgumentException if a length is below 1
   */
  public static RowLayout ofLengths(int... lengths) {
    int[] starts = new int[lengths.length + 1];
    for (int s = 0; s < lengths.length; s++) {
      if (lengths[s] < 1) {
        throw new IllegalArgumentException(
            "sequence " + s + " has length " + lengths[s] + "; a sequence has at least 1 token");
      }
      starts[s + 1] = Math.addExact(starts[s], lengths[s]);
    }
    int rows = starts[lengths.length];
    int[] sequenceOf = new int[rows];
    int[] positionOf = new int[rows];
    for (int s = 0; s < lengths.length; s++) {
      for (int r = starts[s]; r < starts[s + 1]; r++) {
        sequenceOf[r] = s;
        positionOf[r] = r - starts[s];
      }
    }
    return new RowLayout(starts, sequenceOf, positionOf);
  }

  /**
   * The layout of some of the rows, strictly ascending; sequences may become empty but keep their
   * numbers.
   *
   * @throws IllegalArgumentException if the rows do not ascend or lie outside
   */
  public RowLayout select(int[] rows) {
    int[] newStarts = new int[starts.length];
    int[] newSequenceOf = new int[rows.length];
    int[] newPositionOf = new int[rows.length];
    int previous = -1;
    for (int i = 0; i < rows.length; i++) {
      int r = rows[i];
      if (r <= previous || r >= rows()) {
        throw new IllegalArgumentException(
            "row " + r + " at " + i + " does not ascend within " + rows() + " rows");
      }
      previous = r;
      newSequenceOf[i] = sequenceOf[r];
      newPositionOf[i] = positionOf[r];
      newStarts[sequenceOf[r] + 1]++;
    }
    for (int s = 0; s + 1 < newStarts.length; s++) {
      newStarts[s + 1] += newStarts[s];
    }
    return new RowLayout(newStarts, newSequenceOf, newPositionOf);
  }

  /** The layout of the rows from {@code from} up to {@code to}. */
  public RowLayout slice(int from, int to) {
    return from == 0 && to == rows() ? this : select(IntStream.range(from, to).toArray());
  }

  /** Number of rows, over all sequences. */
  public int rows() {
    return sequenceOf.length;
  }

  /** Number of sequences. */
  public int sequences() {
    return starts.length - 1;
  }

  /** First row of a sequence. */
  public int start(int sequence) {
    return starts[sequence];
  }

  /** Row after the last of a sequence. */
  public int end(int sequence) {
    return starts[sequence + 1];
  }

  /** Number of rows of a sequence. */
  public int length(int sequence) {
    return starts[sequence + 1] - starts[sequence];
  }

  /** Rows of the longest sequence. */
  public int longest() {
    return longest;
  }

  /** The sequence that a row belongs to. */
  public int sequenceOf(int row) {
    return sequenceOf[row];
  }

  /** The position of a row's token in its sequence, from 0. */
  public int positionOf(int row) {
    return positionOf[row];
  }

  /** All starts and, last, the number of rows; a copy, for upload. */
  public int[] starts() {
    return starts.clone();
  }

  /** The sequence of every row; a copy, for upload. */
  public int[] sequenceOfRows() {
    return sequenceOf.clone();
  }

  /** The position of every row; a copy, for upload. */
  public int[] positionOfRows() {
    return positionOf.clone();
  }

  @Override
  public String toString() {
    return "RowLayout" + Arrays.toString(starts);
  }
}
