package io.sedd.trainer.corpus;

/**
 * One epoch's reading of a corpus: every row once, in an order that depends on (seed, epoch) alone
 * (Fisher-Yates shuffle; Knuth, TAOCP 2, algorithm P). Immutable.
 */
final class RowOrder {

  private final int shift;
  private final int[] rows;

  /**
   * The order of one epoch.
   *
   * @param shifted whether the epoch cuts its rows at a random place, so that the rows of a small
   *     corpus are others each time; otherwise at 0
   */
  RowOrder(PackedCorpus corpus, long seed, long epoch, boolean shifted) {
    SplitMix random = new SplitMix(seed, epoch);
    this.shift = shifted ? random.below(corpus.tokens()) : 0;
    this.rows = new int[corpus.rows()];
    for (int i = 0; i < rows.length; i++) {
      int j = random.below(i + 1);
      rows[i] = rows[j];
      rows[j] = i;
    }
  }

  /** Where row 0 begins in the run of tokens. */
  int shift() {
    return shift;
  }

  /** Number of rows. */
  int size() {
    return rows.length;
  }

  /** The row that comes at an index. */
  int row(int index) {
    return rows[index];
  }
}
