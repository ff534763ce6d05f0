package io.sedd.diffusion.text;

import java.util.Arrays;

/**
 * GPT-2's way of writing bytes as visible characters ({@code bytes_to_unicode} in its {@code
 * encoder.py}; Radford et al. 2019): a byte that Latin-1 shows stands for itself, the other 68 get
 * the characters from U+0100 on, in order of the byte. A space is {@code Ġ}, a line feed {@code Ċ}.
 */
public final class ByteSymbols {

  private static final int BYTES = 256;
  private static final char[] SYMBOL_OF_BYTE = symbolOfByte();
  private static final int[] BYTE_OF_SYMBOL = byteOfSymbol();

  private ByteSymbols() {}

  /** The characters that stand for some bytes. */
  public static String symbols(byte[] bytes) {
    char[] symbols = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      symbols[i] = SYMBOL_OF_BYTE[Byte.toUnsignedInt(bytes[i])];
    }
    return new String(symbols);
  }

  /** Whether every character stands for a byte. */
  public static boolean areSymbols(String symbols) {
    return symbols.chars().allMatch(c -> byteOf(c) >= 0);
  }

  /**
   * The bytes that some characters stand for.
   *
   * @throws IllegalArgumentException if one of them stands for none
   */
  public static byte[] bytes(String symbols) {
    byte[] bytes = new byte[symbols.length()];
    for (int i = 0; i < bytes.length; i++) {
      int value = byteOf(symbols.charAt(i));
      if (value < 0) {
        throw new IllegalArgumentException(
            "U+%04X at %d of \"%s\" stands for no byte"
                .formatted((int) symbols.charAt(i), i, symbols));
      }
      bytes[i] = (byte) value;
    }
    return bytes;
  }

  /** The 256 symbols, each of one byte, in the order that GPT-2's vocabulary has them. */
  public static String alphabet() {
    char[] sorted = SYMBOL_OF_BYTE.clone();
    Arrays.sort(sorted);
    return new String(sorted);
  }

  private static int byteOf(int symbol) {
    return symbol < BYTE_OF_SYMBOL.length ? BYTE_OF_SYMBOL[symbol] : -1;
  }

  private static boolean isVisible(int b) {
    return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
  }

  private static char[] symbolOfByte() {
    char[] symbols = new char[BYTES];
    char next = BYTES;
    for (int b = 0; b < BYTES; b++) {
      symbols[b] = isVisible(b) ? (char) b : next++;
    }
    return symbols;
  }

  private static int[] byteOfSymbol() {
    int[] bytes = new int[2 * BYTES];
    Arrays.fill(bytes, -1);
    for (int b = 0; b < BYTES; b++) {
      bytes[SYMBOL_OF_BYTE[b]] = b;
    }
    return bytes;
  }
}
