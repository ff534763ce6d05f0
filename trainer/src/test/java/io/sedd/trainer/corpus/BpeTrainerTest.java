package io.sedd.trainer.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.text.BytePairTokenizer;
import io.sedd.diffusion.text.BytePairVocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BpeTrainerTest {

  @Test
  void theMostFrequentPairIsMergedFirst() {
    // es and st occur 9 times each: the greater, st, is first
    String text = "low!".repeat(5) + "lower!".repeat(2) + "widest!".repeat(3) + "newest!".repeat(6);
    assertEquals(
        List.of("s t", "e st", "o w", "l ow", "w est", "n e", "ne west"),
        mergesOf(BpeTrainer.train(Stream.of(text), 257 + 7)));
  }

  @Test
  void amongEquallyFrequentPairsTheGreatestWins() {
    assertEquals(List.of("y z"), mergesOf(BpeTrainer.train(Stream.of("ab!yz!ax"), 258)));
    assertEquals(List.of("a x"), mergesOf(BpeTrainer.train(Stream.of("ab!ax"), 258)));
  }

  @Test
  void bytesAreComparedWithoutSign() {
    // the bytes of U+00E9 are C3 A9, above every letter
    assertEquals(List.of("\u00C3 \u00A9"), mergesOf(BpeTrainer.train(Stream.of("zz!\u00E9"), 258)));
  }

  @Test
  void endOfTextIsZeroAndTheBytesFollow() {
    BytePairVocabulary vocabulary = BpeTrainer.train(Stream.of("ab"), 258);
    assertEquals(0, vocabulary.endOfText().orElseThrow());
    assertEquals("<|endoftext|>", vocabulary.symbols().get(0));
    assertEquals("!", vocabulary.symbols().get(1));
    assertEquals("\u0143", vocabulary.symbols().get(256));
    assertEquals("ab", vocabulary.symbols().get(257));
  }

  @Test
  void incrementalCountsGiveTheMergesOfCountingAnew() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 20; round++) {
      List<String> documents = new ArrayList<>();
      for (int d = 0; d < 5; d++) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 200; i++) {
          text.append(random.nextInt(6) == 0 ? ' ' : (char) ('a' + random.nextInt(3)));
        }
        documents.add(text.toString());
      }
      BytePairVocabulary vocabulary = BpeTrainer.train(documents.stream(), 257 + 60);
      assertEquals(new PlainBpe(documents).merges(60), mergesOf(vocabulary));
    }
  }

  @Test
  void twoWaysToTheSameBytesShareOneToken() {
    // runs of one letter are cut in several ways: aa+a and a+aa both give aaa
    List<String> runs = new ArrayList<>();
    for (int length = 2; length < 40; length++) {
      runs.add("a".repeat(length));
    }
    BytePairVocabulary vocabulary = BpeTrainer.train(runs.stream(), 257 + 25);
    assertEquals(282, vocabulary.size());
    assertEquals(282, vocabulary.symbols().stream().distinct().count());
  }

  @Test
  void aTrainedVocabularyGivesTextsBack() {
    String text = "The cat sat on the mat. The cat's hat! \u2603 \uD83D\uDE00";
    var tokenizer = new BytePairTokenizer(BpeTrainer.train(Stream.of(text), 257 + 12));
    assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
    assertTrue(tokenizer.encode(text).length < text.length());
  }

  @Test
  void tooLittleTextIsAnErrorAndNotASmallerVocabulary() {
    var few =
        assertThrows(IllegalArgumentException.class, () -> BpeTrainer.train(Stream.of("abc"), 300));
    assertTrue(few.getMessage().contains("259 of 300"), few.getMessage());
    assertThrows(IllegalArgumentException.class, () -> BpeTrainer.train(Stream.of("a"), 256));
  }

  private static List<String> mergesOf(BytePairVocabulary vocabulary) {
    List<String> symbols = vocabulary.symbols();
    return vocabulary.merges().stream()
        .map(merge -> symbols.get(merge.left()) + " " + symbols.get(merge.right()))
        .toList();
  }
}
