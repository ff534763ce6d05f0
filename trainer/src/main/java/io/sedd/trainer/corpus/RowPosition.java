package io.sedd.trainer.corpus;

/**
 * How far training has read: what a checkpoint keeps to go on with the very next row.
 *
 * @param epoch whole readings done, from 0
 * @param index rows of this epoch done, from 0
 */
public record RowPosition(long epoch, long index) {

  /** Before the first row. */
  public static final RowPosition START = new RowPosition(0, 0);

  public RowPosition {
    if (epoch < 0 || index < 0) {
      throw new IllegalArgumentException("epoch " + epoch + ", index " + index + " below 0");
    }
  }
}
