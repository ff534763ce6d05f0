package io.sedd.diffusion.sampling;

import java.util.Arrays;
import java.util.stream.IntStream;

/** A sequence in which some positions are given and the others are to be filled. Immutable. */
public final class Template {

  /** Stands at the positions that are to be filled. */
  public static final int BLANK = -1;

  private final int[] tokens;
  private final int[] blanks;

  private Template(int[] tokens, int[] blanks) {
    this.tokens = tokens;
    this.blanks = blanks;
  }

  /**
   * The template of these tokens, {@link #BLANK} where one is to be filled in.
   *
   * @throws IllegalArgumentException if there is no blank, or a token below {@link #BLANK}
   */
  public static Template of(int... tokens) {
    for (int p = 0; p < tokens.length; p++) {
      if (tokens[p] < BLANK) {
        throw new IllegalArgumentException(
            "token " + tokens[p] + " at position " + p + " is neither a token nor a blank (-1)");
      }
    }
    int[] blanks = IntStream.range(0, tokens.length).filter(p -> tokens[p] == BLANK).toArray();
    if (blanks.length == 0) {
      throw new IllegalArgumentException(
          "none of the " + tokens.length + " positions is blank: there is nothing to fill");
    }
    return new Template(tokens.clone(), blanks);
  }

  /** A template of blanks alone. */
  public static Template blank(int length) {
    int[] tokens = new int[length];
    Arrays.fill(tokens, BLANK);
    return of(tokens);
  }

  /** Number of positions, given and blank. */
  public int length() {
    return tokens.length;
  }

  /** The tokens, {@link #BLANK} at the blanks; a copy. */
  public int[] tokens() {
    return tokens.clone();
  }

  /** Positions of the blanks, ascending; a copy. */
  public int[] blanks() {
    return blanks.clone();
  }
}
