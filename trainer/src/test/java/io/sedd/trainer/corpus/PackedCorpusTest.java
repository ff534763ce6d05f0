package io.sedd.trainer.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.text.ByteTokenizer;
import io.sedd.diffusion.text.Tokenizer;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PackedCorpusTest {

  private static final int END = 256;

  private final PackedCorpus corpus =
      PackedCorpus.pack(Stream.of("abc", "", "de"), new ByteTokenizer(), 3);

  @Test
  void documentsFollowEachOtherWithAnEndOfTextAfterEach() {
    assertEquals(2, corpus.rows());
    assertArrayEquals(new int[] {'a', 'b', 'c'}, corpus.row(0));
    assertArrayEquals(new int[] {END, END, 'd'}, corpus.row(1));
  }

  @Test
  void whatIsLeftOutIsReported() {
    assertEquals(8, corpus.tokens());
    assertEquals(2, corpus.remainder());
    assertEquals(3, corpus.documents());
    assertEquals(3, corpus.length());
  }

  @Test
  void aShiftedReadingIsARing() {
    int[] into = new int[5];
    corpus.copyRow(1, 4, into, 1);
    assertArrayEquals(new int[] {0, END, 'a', 'b', 0}, into);
    corpus.copyRow(0, 7, into, 0);
    assertArrayEquals(new int[] {END, 'a', 'b', 'b', 0}, into);
  }

  @Test
  void rowsAndShiftsOutsideAreErrors() {
    int[] into = new int[3];
    assertThrows(IndexOutOfBoundsException.class, () -> corpus.copyRow(2, 0, into, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> corpus.copyRow(-1, 0, into, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> corpus.copyRow(0, 8, into, 0));
  }

  @Test
  void textsThatFillNoRowAreAnError() {
    var failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> PackedCorpus.pack(Stream.of("abc"), new ByteTokenizer(), 5));
    assertTrue(failure.getMessage().contains("4 tokens"), failure.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> PackedCorpus.pack(Stream.of("abc"), new ByteTokenizer(), 0));
  }

  @Test
  void aTokenizerWithoutAnEndOfTextCannotPack() {
    Tokenizer endless = new Endless();
    assertThrows(
        IllegalArgumentException.class, () -> PackedCorpus.pack(Stream.of("abc"), endless, 2));
  }

  /** Bytes without an end of text. */
  private static final class Endless implements Tokenizer {
    private final Tokenizer bytes = new ByteTokenizer();

    @Override
    public int[] encode(String text) {
      return bytes.encode(text);
    }

    @Override
    public String decode(int[] tokens) {
      return bytes.decode(tokens);
    }

    @Override
    public int vocabularySize() {
      return END;
    }

    @Override
    public OptionalInt endOfText() {
      return OptionalInt.empty();
    }
  }
}
