package io.sedd.diffusion.text;

import java.util.Arrays;

/** A growing sequence of tokens. Not thread-safe. */
public final class TokenBuffer {

  /** The JVM's longest array, less the header words that some JVMs take. */
  private static final int LONGEST = Integer.MAX_VALUE - 8;

  private int[] tokens;
  private int size;

  /** An empty sequence with room for some tokens. */
  public TokenBuffer(int room) {
    this.tokens = new int[Math.max(16, room)];
  }

  /** Number of tokens so far. */
  public int size() {
    return size;
  }

  /** Puts one token at the end. */
  public void append(int token) {
    makeRoom(1);
    tokens[size++] = token;
  }

  /** Puts tokens at the end. */
  public void append(int[] more) {
    makeRoom(more.length);
    System.arraycopy(more, 0, tokens, size, more.length);
    size += more.length;
  }

  /** The tokens, as an array of their own. */
  public int[] toArray() {
    return Arrays.copyOf(tokens, size);
  }

  private void makeRoom(int more) {
    long wanted = (long) size + more;
    if (wanted > LONGEST) {
      throw new IllegalStateException(
          "%,d tokens do not fit into one array of at most %,d; use fewer or shorter texts"
              .formatted(wanted, LONGEST));
    }
    if (wanted > tokens.length) {
      long doubled = Math.min(LONGEST, 2L * tokens.length);
      tokens = Arrays.copyOf(tokens, (int) Math.max(wanted, doubled));
    }
  }
}
