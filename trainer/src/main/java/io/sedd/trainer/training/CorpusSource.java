package io.sedd.trainer.training;

import io.sedd.trainer.corpus.PackedCorpus;
import io.sedd.trainer.corpus.RowPosition;
import io.sedd.trainer.corpus.ShuffledRows;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

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

  /** In order this costs a copy; a jump costs a shuffle of the epoch. */
  @Override
  public int[] sequence(long index) {
    if (index != next) {
      long epoch = index / corpus.rows();
      RowPosition position = new RowPosition(epoch, (int) (index % corpus.rows()));
      rows = new ShuffledRows(corpus, seed, shifted, position);
    }
    next = index + 1;
    return rows.next();
  }

  /** The first 16 hexadecimal digits of the SHA-256 of all whole rows, and whether it shifts. */
  String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * corpus.length());
      for (int row = 0; row < corpus.rows(); row++) {
        bytes.asIntBuffer().put(corpus.row(row));
        digest.update(bytes.array());
      }
      String hex = HexFormat.of().formatHex(digest.digest()).substring(0, 16);
      return shifted ? hex + "-shifted" : hex;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
