package io.sedd.trainer.corpus;

import io.sedd.diffusion.text.TokenBuffer;
import io.sedd.diffusion.text.Tokenizer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The texts of a run of tokens, each up to its end of text. Owned by one thread. */
final class PackedDocuments implements Iterator<String> {

  private static final int CHUNK = 1 << 14;

  private final TokenStore tokens;
  private final Tokenizer tokenizer;
  private final int endOfText;
  private final int[] chunk = new int[CHUNK];
  private long next;
  private int position;
  private int filled;

  /**
   * @param tokens their owner closes them
   */
  PackedDocuments(TokenStore tokens, Tokenizer tokenizer) {
    this.tokens = tokens;
    this.tokenizer = tokenizer;
    this.endOfText = PackedCorpus.endOfText(tokenizer);
  }

  @Override
  public boolean hasNext() {
    return position < filled || next < tokens.size();
  }

  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    TokenBuffer document = new TokenBuffer(256);
    while (hasNext()) {
      if (position == filled) {
        fill();
      }
      int token = chunk[position++];
      if (token == endOfText) {
        break;
      }
      document.append(token);
    }
    return tokenizer.decode(document.toArray());
  }

  private void fill() {
    filled = (int) Math.min(CHUNK, tokens.size() - next);
    tokens.copy(next, filled, chunk, 0);
    next += filled;
    position = 0;
  }
}
