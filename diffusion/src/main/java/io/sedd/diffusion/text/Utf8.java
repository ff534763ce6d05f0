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
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (!pair) {
        throw new UntokenizableTextException(
            "character %d is half a surrogate pair, U+%04X: no UTF-8 text holds it"
                .formatted(i, (int) c));
      }
      i++;
    }
  }
}
