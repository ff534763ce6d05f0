package io.sedd.cuda.ptx.syntax;

/** Literals of PTX. */
final class Numbers {

  private Numbers() {}

  static boolean isNumber(String text) {
    return !text.isEmpty() && Character.isDigit(text.charAt(0));
  }

  /**
   * The bits of a literal: {@code 12}, {@code 0x1fU}, {@code 0b101}, {@code 017}, {@code
   * 0f3F800000} and {@code 0d3FF0000000000000}; decimal fractions are doubles.
   */
  static long bits(String text) {
    if (text.startsWith("0f") || text.startsWith("0F")) {
      return Long.parseUnsignedLong(text.substring(2), 16);
    }
    if (text.startsWith("0d") || text.startsWith("0D")) {
      return Long.parseUnsignedLong(text.substring(2), 16);
    }
    if (text.indexOf('.') >= 0) {
      return Double.doubleToRawLongBits(Double.parseDouble(text));
    }
    return integer(text);
  }

  static long integer(String literal) {
    String text = literal.endsWith("U") ? literal.substring(0, literal.length() - 1) : literal;
    if (text.startsWith("0x") || text.startsWith("0X")) {
      return Long.parseUnsignedLong(text.substring(2), 16);
    }
    if (text.startsWith("0b") || text.startsWith("0B")) {
      return Long.parseUnsignedLong(text.substring(2), 2);
    }
    boolean octal = text.length() > 1 && text.charAt(0) == '0';
    return Long.parseUnsignedLong(text, octal ? 8 : 10);
  }
}
