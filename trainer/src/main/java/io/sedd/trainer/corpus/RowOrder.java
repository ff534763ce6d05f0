package io.sedd.trainer.corpus;

/**
 * One epoch's reading of a corpus: every row once, in an order that depends on (seed, epoch) alone.
 * It takes no memory, however many rows there are. Immutable.
 */
final class RowOrder {

  private final long shift;
  private final long rows;
  private final Permutation order;

  /**
   * The order of one epoch.
   *
   * @param shifted whether the epoch cuts its rows at a random place, so that the rows of a small
   *     corpus are others each time; otherwise at 0
   */
  RowOrder(PackedCorpus corpus, long seed, long epoch, boolean shifted) {
    SplitMix random = new SplitMix(seed, epoch);
    this.shift = shifted ? random.below(corpus.tokens()) : 0;
    this.rows = corpus.rows();
    this.order = new Permutation(rows, random);
  }

  /** Where row 0 begins in the run of tokens. */
  long shift() {
    return shift;
  }

  /** Number of rows. */
  long size() {
    return rows;
  }

  /** The row that comes at an index. */
  long row(long index) {
    return order.at(index);
  }
}
