package io.sedd.diffusion.text;

/**
 * A template as tokens.
 *
 * @param tokens one a position; {@link #BLANK} where the model is to fill
 * @param given whether the position's token is given and must stay; false exactly at the blanks
 */
@SuppressWarnings("ArrayRecordComponent") // handed to one lane, never compared
public record EncodedTemplate(int[] tokens, boolean[] given) implements TemplateEncoding {

  /** Stands for the token of a position that the model is to fill. */
  public static final int BLANK = -1;

  /** Number of positions. */
  public int length() {
    return tokens.length;
  }
}
