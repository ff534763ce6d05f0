package io.sedd.worker.denoising;

import io.sedd.diffusion.text.Tokenizer;
import java.util.Arrays;

/** The text of a lane, finished or not. */
final class LaneText {

  /** Shown for a position that is not filled yet. */
  private static final String UNFILLED = "_";

  private LaneText() {}

  /** The tokens' text; every state that is no token of the tokenizer's reads {@code _}. */
  static String of(int[] states, Tokenizer tokenizer) {
    StringBuilder text = new StringBuilder();
    int known = tokenizer.vocabularySize();
    int begin = 0;
    while (begin < states.length) {
      int end = begin;
      while (end < states.length && states[end] < known) {
        end++;
      }
      if (end > begin) {
        text.append(tokenizer.decode(Arrays.copyOfRange(states, begin, end)));
        begin = end;
      } else {
        text.append(UNFILLED);
        begin++;
      }
    }
    return text.toString();
  }
}
