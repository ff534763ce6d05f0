package io.sedd.diffusion.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ByteTokenizerTest {

  private final Tokenizer tokenizer = new ByteTokenizer();

  @Test
  void tokensAreTheBytesOfUtf8() {
    assertArrayEquals(new int[] {'a', 0xC3, 0xA9}, tokenizer.encode("a\u00E9"));
    assertEquals(257, tokenizer.vocabularySize());
    assertEquals(OptionalInt.of(256), tokenizer.endOfText());
  }

  @Test
  void randomTextsComeBack() {
    RandomTexts texts = new RandomTexts(2);
    for (int i = 0; i < 1000; i++) {
      String text = texts.next(60);
      assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
    }
  }

  @Test
  void theEndOfTextAndBrokenUtf8Decode() {
    assertEquals("a<|endoftext|>b", tokenizer.decode(new int[] {'a', 256, 'b'}));
    assertEquals("a\uFFFD", tokenizer.decode(new int[] {'a', 0xE2, 0x98}));
    assertEquals("\uFFFDa", tokenizer.decode(new int[] {0xFF, 'a'}));
  }

  @Test
  void strangersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {257}));
    assertThrows(UntokenizableTextException.class, () -> tokenizer.encode("\uDFFF"));
  }
}
