package io.sedd.trainer.corpus;

/**
 * The endless stream of a corpus's rows, shuffled anew every epoch. What comes next depends on the
 * corpus, the seed and the {@link RowPosition} alone, so that a killed training goes on where its
 * checkpoint stood. Not thread-safe.
 */
public final class ShuffledRows {

  private final PackedCorpus corpus;
  private final long seed;
  private final boolean shifted;
  private RowOrder order;
  private long epoch;
  private long index;

  /**
   * The rows from a position on.
   *
   * @param shifted whether every epoch cuts its rows at another random place of the corpus (for a
   *     corpus that is read often), or always at 0
   * @param start the {@link #position()} at which to go on, or {@link RowPosition#START}
   * @throws IllegalArgumentException if the position is beyond the corpus's rows, as when the texts
   *     or the length are not those that it was taken with
   */
  public ShuffledRows(PackedCorpus corpus, long seed, boolean shifted, RowPosition start) {
    if (start.index() >= corpus.rows()) {
      throw new IllegalArgumentException(
          "cannot go on at row "
              + start.index()
              + " of an epoch with "
              + corpus.rows()
              + " rows: the corpus is not the one that this position was taken with");
    }
    this.corpus = corpus;
    this.seed = seed;
    this.shifted = shifted;
    this.epoch = start.epoch();
    this.index = start.index();
    this.order = new RowOrder(corpus, seed, epoch, shifted);
  }

  /** The position of the next row. */
  public RowPosition position() {
    return new RowPosition(epoch, index);
  }

  /** The next row, as an array of its own. */
  public int[] next() {
    return nextBatch(1);
  }

  /** The next rows, laid end to end: {@code rows * length} tokens. */
  public int[] nextBatch(int rows) {
    int[] batch = new int[Math.multiplyExact(rows, corpus.length())];
    for (int i = 0; i < rows; i++) {
      corpus.copyRow(order.row(index), order.shift(), batch, i * corpus.length());
      advance();
    }
    return batch;
  }

  private void advance() {
    index++;
    if (index == order.size()) {
      index = 0;
      epoch++;
      order = new RowOrder(corpus, seed, epoch, shifted);
    }
  }
}
