package io.sedd.trainer.training;

import io.sedd.trainer.corpus.PackedCorpus;
import io.sedd.trainer.corpus.RowPosition;
import io.sedd.trainer.corpus.ShuffledRows;

/** The rows of a packed corpus, shuffled anew every epoch, by their place in the endless stream. */
final class CorpusSource implements SequenceSource {

  private final PackedCorpus corpus;
  private final long seed;
  private final boolean shifted;
  private ShuffledRows rows;
  private long next;

  CorpusSource(PackedCorpus corpus, long seed, boolean shifted) {
    this.corpus = corpus;
    this.seed = seed;
    this.shifted = shifted;
    this.rows = new ShuffledRows(corpus, seed, shifted, RowPosition.START);
  }

  /** A jump costs no more than going on: the order of an epoch is computed row by row. */
  @Override
  public int[] sequence(long index) {
    if (index != next) {
      rows = new ShuffledRows(corpus, seed, shifted, position(index));
    }
    next = index + 1;
    return rows.next();
  }

  private RowPosition position(long index) {
    return new RowPosition(index / corpus.rows(), index % corpus.rows());
  }

  /**
   * What decides which sequence comes where, beside seed and length: the first 16 hexadecimal
   * digits of the tokens' SHA-256, whether in memory or packed, and how they are read.
   */
  String fingerprint() {
    return corpus.sha256().substring(0, 16) + (shifted ? "-feistel-shifted" : "-feistel");
  }
}
