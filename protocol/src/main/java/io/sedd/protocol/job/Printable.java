package io.sedd.protocol.job;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Foreign text made fit for an error message: short, on one line, and always encodable as UTF-8. A
 * message goes back to Kafka, where half a surrogate pair would stop the writer.
 */
final class Printable {

  private static final int MOST_CHARACTERS = 80;
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,79}");

  private Printable() {}

  /** The text with controls and lone surrogates escaped, cut to {@code most} characters. */
  static String text(String text, int most) {
    StringBuilder out = new StringBuilder();
    int taken = 0;
    for (int i = 0; i < text.length(); taken++) {
      if (taken == most) {
        return out.append('…').toString();
      }
      int c = text.codePointAt(i);
      if (Character.isISOControl(c) || isSurrogate(c)) {
        out.append("\\u").append(HexFormat.of().toHexDigits((char) c));
      } else {
        out.appendCodePoint(c);
      }
      i += Character.charCount(c);
    }
    return out.toString();
  }

  /** The text between double quotes. */
  static String quoted(String text) {
    return '"' + text(text, MOST_CHARACTERS) + '"';
  }

  /** JSON path of a field of the object at {@code path}. */
  static String child(String path, String name) {
    return PLAIN_NAME.matcher(name).matches()
        ? path + '.' + name
        : path + "['" + text(name, MOST_CHARACTERS).replace("'", "\\'") + "']";
  }

  /** JSON path of an item of the array at {@code path}. */
  static String item(String path, int index) {
    return path + '[' + index + ']';
  }

  /** Whether the text has half of a surrogate pair, which no Unicode encoding can express. */
  static boolean hasLoneSurrogate(String text) {
    return text.codePoints().anyMatch(Printable::isSurrogate);
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
