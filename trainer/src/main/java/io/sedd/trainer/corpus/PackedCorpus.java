package io.sedd.trainer.corpus;

import io.sedd.diffusion.text.TokenBuffer;
import io.sedd.diffusion.text.Tokenizer;
import java.util.stream.Stream;

/**
 * Documents as one run of tokens, the end of text after each, cut to rows of one length: the
 * official SEDD packing, on the whole corpus at once. The tokens after the last whole row, fewer
 * than one row, are left out of an unshifted reading. Held in memory, 4 bytes a token. Immutable.
 */
public final class PackedCorpus {

  private final int[] tokens;
  private final int length;
  private final long documents;

  private PackedCorpus(int[] tokens, int length, long documents) {
    this.tokens = tokens;
    this.length = length;
    this.documents = documents;
  }

  /**
   * Tokenises and packs documents; closes their stream. An empty document is one end of text.
   *
   * @param length tokens a row
   * @throws IllegalArgumentException if the tokenizer has no end of text, or the documents do not
   *     fill a row
   */
  public static PackedCorpus pack(Stream<String> documents, Tokenizer tokenizer, int length) {
    if (length < 1) {
      throw new IllegalArgumentException("a row has at least 1 token, not " + length);
    }
    int endOfText =
        tokenizer
            .endOfText()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "packing needs a tokenizer with an end of text; this one has none"));
    TokenBuffer all = new TokenBuffer(1 << 16);
    long count = 0;
    try (documents) {
      for (var each = documents.iterator(); each.hasNext(); count++) {
        all.append(tokenizer.encode(each.next()));
        all.append(endOfText);
      }
    }
    if (all.size() < length) {
      throw new IllegalArgumentException(
          "%,d documents give %,d tokens, less than one row of %,d; give more text or shorter rows"
              .formatted(count, all.size(), length));
    }
    return new PackedCorpus(all.toArray(), length, count);
  }

  /** Tokens a row. */
  public int length() {
    return length;
  }

  /** Number of whole rows. */
  public int rows() {
    return tokens.length / length;
  }

  /** Number of tokens, ends of text and remainder included. */
  public int tokens() {
    return tokens.length;
  }

  /** Number of documents. */
  public long documents() {
    return documents;
  }

  /** Number of tokens after the last whole row; they are in no unshifted row. */
  public int remainder() {
    return tokens.length % length;
  }

  /** A row of the unshifted reading, as an array of its own. */
  public int[] row(int row) {
    int[] copy = new int[length];
    copyRow(row, 0, copy, 0);
    return copy;
  }

  /**
   * Copies a row of a shifted reading, in which the run of tokens is a ring: the row that reaches
   * the end goes on with the first document.
   *
   * @param row 0 to {@link #rows()} minus 1
   * @param shift where row 0 begins, 0 to {@link #tokens()} minus 1
   * @param into the array that gets the row
   * @param at where in that array
   */
  public void copyRow(int row, int shift, int[] into, int at) {
    if (row < 0 || row >= rows() || shift < 0 || shift >= tokens.length) {
      throw new IndexOutOfBoundsException(
          "row %d of %d, shifted by %d of %d".formatted(row, rows(), shift, tokens.length));
    }
    int start = (int) ((shift + (long) row * length) % tokens.length);
    int untilEnd = Math.min(length, tokens.length - start);
    System.arraycopy(tokens, start, into, at, untilEnd);
    System.arraycopy(tokens, 0, into, at + untilEnd, length - untilEnd);
  }
}
