package io.sedd.diffusion.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ByteSymbolsTest {

  @Test
  void everyByteHasOneSymbolAndComesBack() {
    byte[] all = new byte[256];
    for (int b = 0; b < 256; b++) {
      all[b] = (byte) b;
    }
    String symbols = ByteSymbols.symbols(all);
    assertEquals(256, symbols.chars().distinct().count());
    assertArrayEquals(all, ByteSymbols.bytes(symbols));
  }

  @Test
  void theSymbolsAreThoseOfGpt2() {
    byte[] bytes = {' ', '\n', 0, 0x7F, (byte) 0xA0, (byte) 0xAD, 'a', (byte) 0xFF};
    assertEquals("\u0120\u010A\u0100\u0121\u0142\u0143a\u00FF", ByteSymbols.symbols(bytes));
    assertEquals('!', ByteSymbols.alphabet().charAt(0));
    assertEquals('\u0143', ByteSymbols.alphabet().charAt(255));
  }

  @Test
  void aStrangerIsNamed() {
    assertFalse(ByteSymbols.areSymbols("a b"));
    var failure = assertThrows(IllegalArgumentException.class, () -> ByteSymbols.bytes("a b"));
    assertEquals("U+0020 at 1 of \"a b\" stands for no byte", failure.getMessage());
  }
}
