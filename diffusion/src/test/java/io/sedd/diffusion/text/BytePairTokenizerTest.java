package io.sedd.diffusion.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class BytePairTokenizerTest {

  private final BytePairVocabulary vocabulary =
      SmallVocabulary.of("t h", "h e", "th e", "\u0120 the", "a a", "aa a");
  private final Tokenizer tokenizer = new BytePairTokenizer(vocabulary);

  @Test
  void theEarliestMergeIsAppliedFirstAndTheLeftmostAmongEquals() {
    assertEquals(List.of("the"), symbolsOf("the"));
    assertEquals(List.of("he", "\u0120the"), symbolsOf("he the"));
    assertEquals(List.of("aaa"), symbolsOf("aaa"));
    assertEquals(List.of("aa", "aaa"), symbolsOf("aaaaa"));
  }

  @Test
  void noMergeCrossesTwoPieces() {
    assertEquals(List.of("t", "!", "he"), symbolsOf("t!he"));
  }

  @Test
  void withTheMergesOfGpt2ItIsTheTokenizerOfGpt2() throws IOException {
    Tokenizer ours = new BytePairTokenizer(Gpt2Merges.vocabulary());
    Tokenizer theirs = new Gpt2Tokenizer();
    RandomTexts texts = new RandomTexts(4);
    for (int i = 0; i < 500; i++) {
      String text = texts.next(200);
      assertArrayEquals(theirs.encode(text), ours.encode(text), text);
    }
    for (String text :
        List.of(
            "I'm sure they've said: \"don't!\" 1,000,000 times...  \n\n\tSo?",
            "if (x == 0) {\n    return --y;  // =========\n}",
            "na\u00EFve \u2014 \u4F60\u597D \uD83D\uDE00\uD83D\uDE00 <|endoftext|>")) {
      assertArrayEquals(theirs.encode(text), ours.encode(text), text);
    }
  }

  @Test
  void randomTextsComeBackAlsoFromTheCache() {
    for (int round = 0; round < 2; round++) {
      RandomTexts texts = new RandomTexts(5);
      for (int i = 0; i < 500; i++) {
        String text = texts.next(80);
        assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
      }
    }
  }

  @Test
  void threadsThatShareItAgreeWithOneThatDoesNot() throws Exception {
    List<Callable<List<int[]>>> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      tasks.add(() -> encodeAll(tokenizer));
    }
    List<int[]> expected = encodeAll(new BytePairTokenizer(vocabulary));
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var future : threads.invokeAll(tasks)) {
        List<int[]> actual = future.get();
        for (int i = 0; i < expected.size(); i++) {
          assertArrayEquals(expected.get(i), actual.get(i));
        }
      }
    }
  }

  @Test
  void onePieceOfAMillionBytesIsNoWayToStallIt() {
    String text = "a".repeat(1_000_000);
    int[] tokens = assertTimeout(Duration.ofSeconds(60), () -> tokenizer.encode(text));
    assertEquals(500_000, tokens.length);
  }

  @Test
  void everyTokenListDecodes() {
    for (int left = 0; left < vocabulary.size(); left++) {
      assertTrue(!tokenizer.decode(new int[] {left, 0xE2}).isEmpty());
    }
    int snow = vocabulary.symbols().indexOf(String.valueOf((char) 0xE2));
    assertEquals("\uFFFD", tokenizer.decode(new int[] {snow}));
    assertEquals("<|endoftext|>", tokenizer.decode(new int[] {0}));
    assertEquals(OptionalInt.of(0), tokenizer.endOfText());
  }

  @Test
  void idsOutsideTheVocabularyAndHalfSurrogatesAreRefused() {
    int size = vocabulary.size();
    var failure =
        assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {size}));
    assertTrue(failure.getMessage().contains("token " + size), failure.getMessage());
    assertTrue(failure.getMessage().contains("0 to " + (size - 1)), failure.getMessage());
    assertThrows(UntokenizableTextException.class, () -> tokenizer.encode("\uD83D"));
  }

  private static List<int[]> encodeAll(Tokenizer tokenizer) {
    RandomTexts texts = new RandomTexts(6);
    List<int[]> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      all.add(tokenizer.encode(texts.next(60) + " the aaa the"));
    }
    return all;
  }

  private List<String> symbolsOf(String text) {
    return Arrays.stream(tokenizer.encode(text)).mapToObj(vocabulary.symbols()::get).toList();
  }
}
