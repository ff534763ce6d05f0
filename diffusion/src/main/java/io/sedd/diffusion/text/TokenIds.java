package io.sedd.diffusion.text;

/** The range that a vocabulary's ids lie in. */
final class TokenIds {

  private TokenIds() {}

  /**
   * Refuses ids outside the vocabulary.
   *
   * @throws IllegalArgumentException naming the first such id, its place and the range
   */
  static void requireAll(int[] tokens, int vocabularySize) {
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0 || tokens[i] >= vocabularySize) {
        throw new IllegalArgumentException(
            "token %d at position %d is outside the vocabulary, whose ids are 0 to %d"
                .formatted(tokens[i], i, vocabularySize - 1));
      }
    }
  }
}
