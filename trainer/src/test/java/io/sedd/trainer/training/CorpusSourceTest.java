package io.sedd.trainer.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sedd.diffusion.text.ByteTokenizer;
import io.sedd.trainer.corpus.PackedCorpus;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CorpusSourceTest {

  private static CorpusSource source(String text, boolean shifted) {
    return new CorpusSource(PackedCorpus.pack(Stream.of(text), new ByteTokenizer(), 4), 3, shifted);
  }

  @Test
  void aPlaceInTheStreamHasTheSameSequenceHoweverItIsReached() {
    CorpusSource straight = source("abcdefghijklmnopqrstuvwxyz", true);
    int[][] expected = new int[20][];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = straight.sequence(i);
    }
    CorpusSource jumping = source("abcdefghijklmnopqrstuvwxyz", true);
    for (int i : new int[] {17, 18, 3, 6, 7, 0, 19}) {
      assertArrayEquals(expected[i], jumping.sequence(i), "sequence " + i);
    }
  }

  @Test
  void theFingerprintTellsTextsAndReadingsApart() {
    String fingerprint = source("abcdefgh", false).fingerprint();
    assertEquals(fingerprint, source("abcdefgh", false).fingerprint());
    assertNotEquals(fingerprint, source("abcdefgx", false).fingerprint());
    assertNotEquals(fingerprint, source("abcdefgh", true).fingerprint());
  }
}
