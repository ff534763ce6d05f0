package io.sedd.diffusion.text;

/** What separates Java's strings from UTF-8. */
final class Utf8 {

  private Utf8() {}

  /**
   * Refuses strings that Java would silently turn into question marks on the way to UTF-8.
   *
   * @throws UntokenizableTextException at the first half of a surrogate pair that stands alone
   */
  static void requireEncodable(String text) {
    int i = 0;
    while (i < text.length()) {
      int character = text.codePointAt(i);
      if (Character.MIN_SURROGATE <= character && character <= Character.MAX_SURROGATE) {
        throw new UntokenizableTextException(
            "character %d is half a surrogate pair, U+%04X: no UTF-8 text holds it"
                .formatted(i, character));
      }
      i += Character.charCount(character);
    }
  }
}
