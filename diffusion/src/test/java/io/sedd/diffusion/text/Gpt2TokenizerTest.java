package io.sedd.diffusion.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class Gpt2TokenizerTest {

  private final Tokenizer tokenizer = new Gpt2Tokenizer();

  @Test
  void wellKnownTextsHaveTheirPublishedTokens() {
    assertArrayEquals(new int[] {15496, 995, 0}, tokenizer.encode("Hello world!"));
    assertArrayEquals(new int[] {18435, 995}, tokenizer.encode(" Hello world"));
    assertArrayEquals(new int[] {}, tokenizer.encode(""));
    assertArrayEquals(new int[] {628}, tokenizer.encode("\n\n"));
  }

  @Test
  void theVocabularyIsThatOfGpt2() {
    assertEquals(50_257, tokenizer.vocabularySize());
    assertEquals(OptionalInt.of(50_256), tokenizer.endOfText());
    assertEquals("<|endoftext|>", tokenizer.decode(new int[] {50_256}));
  }

  @Test
  void aTextCannotForgeTheEndOfText() {
    int[] tokens = tokenizer.encode("a<|endoftext|>b");
    for (int token : tokens) {
      assertTrue(token < 50_256);
    }
    assertEquals("a<|endoftext|>b", tokenizer.decode(tokens));
  }

  @Test
  void randomTextsComeBack() {
    RandomTexts texts = new RandomTexts(1);
    for (int i = 0; i < 300; i++) {
      String text = texts.next(120);
      assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
    }
  }

  @Test
  void everyTokenDecodesAlone() {
    for (int id = 0; id < tokenizer.vocabularySize(); id++) {
      assertTrue(!tokenizer.decode(new int[] {id}).isEmpty(), "token " + id);
    }
  }

  @Test
  void halfACharacterDecodesToTheReplacementCharacter() {
    int[] tokens = tokenizer.encode("\u2603");
    assertTrue(tokens.length > 1);
    assertEquals("\uFFFD", tokenizer.decode(new int[] {tokens[0]}));
  }

  @Test
  void anIdOutsideTheVocabularyIsNamedWithTheRange() {
    var high =
        assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {1, 50_257}));
    assertEquals(
        "token 50257 at position 1 is outside the vocabulary, whose ids are 0 to 50256",
        high.getMessage());
    assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {-1}));
  }

  @Test
  void halfASurrogatePairIsRefused() {
    var failure =
        assertThrows(UntokenizableTextException.class, () -> tokenizer.encode("ab\uD800c"));
    assertEquals(
        "character 2 is half a surrogate pair, U+D800: no UTF-8 text holds it",
        failure.getMessage());
    assertThrows(UntokenizableTextException.class, () -> tokenizer.encode("\uDC00\uD800"));
  }
}
