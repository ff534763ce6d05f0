package io.sedd.trainer.corpus;

import io.sedd.diffusion.text.TokenBuffer;
import io.sedd.diffusion.text.Tokenizer;
import java.util.stream.Stream;

/**
 * Documents as one run of tokens, the end of text after each, cut to rows of one length: the
 * official SEDD packing, on the whole corpus at once. The tokens after the last whole row, fewer
 * than one row, are left out of an unshifted reading. Immutable.
 */
public final class PackedCorpus {

  private final TokenStore tokens;
  private final int length;
  private final long documents;

  /**
   * Rows of a run of tokens that its owner closes.
   *
   * @param length tokens a row
   * @throws IllegalArgumentException if the tokens do not fill a row
   */
  PackedCorpus(TokenStore tokens, int length, long documents) {
    if (length < 1) {
      throw new IllegalArgumentException("a row has at least 1 token, not " + length);
    }
    if (tokens.size() < length) {
      throw new IllegalArgumentException(
          documents == 0
              ? "the corpus is empty: there is no document in its texts; give other texts"
              : "%,d documents give %,d tokens, less than one row of %,d; give more text or shorter rows (model.length)"
                  .formatted(documents, tokens.size(), length));
    }
    this.tokens = tokens;
    this.length = length;
    this.documents = documents;
  }

  /**
   * Tokenises and packs documents in memory, 4 bytes a token; closes their stream. An empty
   * document is one end of text.
   *
   * @param length tokens a row
   * @throws IllegalArgumentException if the tokenizer has no end of text, or the documents do not
   *     fill a row
   */
  public static PackedCorpus pack(Stream<String> documents, Tokenizer tokenizer, int length) {
    int endOfText = endOfText(tokenizer);
    TokenBuffer all = new TokenBuffer(1 << 16);
    long count = 0;
    try (documents) {
      for (var each = documents.iterator(); each.hasNext(); count++) {
        all.append(tokenizer.encode(each.next()));
        all.append(endOfText);
      }
    }
    return new PackedCorpus(new TokenArray(all.toArray()), length, count);
  }

  static int endOfText(Tokenizer tokenizer) {
    return tokenizer
        .endOfText()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "packing needs a tokenizer with an end of text; this one has none"));
  }

  /** Tokens a row. */
  public int length() {
    return length;
  }

  /** Number of whole rows. */
  public long rows() {
    return tokens.size() / length;
  }

  /** Number of tokens, ends of text and remainder included. */
  public long tokens() {
    return tokens.size();
  }

  /** Number of documents. */
  public long documents() {
    return documents;
  }

  /** Number of tokens after the last whole row; they are in no unshifted row. */
  public int remainder() {
    return (int) (tokens.size() % length);
  }

  /** SHA-256 of all tokens, in memory or in shards, in hexadecimal digits. */
  public String sha256() {
    return tokens.sha256();
  }

  /** A row of the unshifted reading, as an array of its own. */
  public int[] row(long row) {
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
  public void copyRow(long row, long shift, int[] into, int at) {
    if (row < 0 || row >= rows() || shift < 0 || shift >= tokens.size()) {
      throw new IndexOutOfBoundsException(
          "row %d of %d, shifted by %d of %d".formatted(row, rows(), shift, tokens.size()));
    }
    long start = (shift + row * length) % tokens.size();
    int untilEnd = (int) Math.min(length, tokens.size() - start);
    tokens.copy(start, untilEnd, into, at);
    tokens.copy(0, length - untilEnd, into, at + untilEnd);
  }
}
