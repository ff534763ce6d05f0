package io.sedd.diffusion.text;

import java.util.OptionalInt;

/**
 * Text to tokens and back. Decoding the encoding of a text gives the text again. Thread-safe.
 *
 * <p>A text is always ordinary text: the characters {@code <|endoftext|>} in it become the tokens
 * of those characters and never the token that separates documents, so a text cannot forge one.
 */
public interface Tokenizer {

  /** How the token that separates documents reads when it is decoded. */
  String END_OF_TEXT = "<|endoftext|>";

  /**
   * The text's tokens, with no special ones added.
   *
   * @throws UntokenizableTextException if the text holds half a surrogate pair, which UTF-8 cannot
   *     say
   */
  int[] encode(String text);

  /**
   * The tokens' text; bytes that are no UTF-8 become U+FFFD, the end of text reads {@link
   * #END_OF_TEXT}.
   *
   * @throws IllegalArgumentException if an id is outside the vocabulary
   */
  String decode(int[] tokens);

  /** Number of tokens: ids are 0 to this minus 1. */
  int vocabularySize();

  /** The token that separates documents, if there is one. */
  OptionalInt endOfText();
}
