package io.sedd.diffusion.text;

import java.util.OptionalInt;

/** Text to tokens and back. Decoding the encoding of a text gives the text again. Thread-safe. */
public interface Tokenizer {

  /** The text's tokens, with no special ones added. */
  int[] encode(String text);

  /** The tokens' text; bytes that are no UTF-8 become U+FFFD. */
  String decode(int[] tokens);

  /** Number of tokens: ids are 0 to this minus 1. */
  int vocabularySize();

  /** The token that separates documents, if there is one. */
  OptionalInt endOfText();
}
