package io.sedd.diffusion.text;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a text into the pieces that byte-pair merges never cross: GPT-2's pattern ({@code
 * encoder.py}; Radford et al. 2019). The pieces, one after the other, are the text.
 */
public final class Gpt2Pieces {

  /** White space is Unicode's, hence the flag; a run never gives anything back, hence the ++. */
  private static final Pattern PIECE =
      Pattern.compile(
          "'(?:s|t|re|ve|m|ll|d)"
              + "| ?\\p{L}++"
              + "| ?\\p{N}++"
              + "| ?[^\\s\\p{L}\\p{N}]++"
              + "|\\s+(?!\\S)"
              + "|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private Gpt2Pieces() {}

  /** Hands out a text's pieces in order. */
  public static void forEach(String text, Consumer<String> action) {
    Matcher matcher = PIECE.matcher(text);
    while (matcher.find()) {
      action.accept(matcher.group());
    }
  }
}
