package io.sedd.diffusion.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Against the known answers that come with the generator's paper (Random123, kat_vectors). */
class PhiloxTest {

  @Test
  void zerosGiveTheKnownAnswer() {
    assertArrayEquals(
        new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, Philox.words(0, 0, 0, 0, 0));
  }

  @Test
  void onesGiveTheKnownAnswer() {
    assertArrayEquals(
        new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
        Philox.words(-1, -1, -1, -1, -1));
  }

  @Test
  void theDigitsOfPiGiveTheKnownAnswer() {
    assertArrayEquals(
        new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
        Philox.words(0x299f31d0_a4093822L, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344));
  }

  @Test
  void aUniformIsTheUpper53BitsOfTheFirstTwoWords() {
    assertEquals((0x6627e8d5e169c58dL >>> 11) * 0x1p-53, Philox.uniform53(0, 0, 0, 0, Philox.DRAW));
    assertEquals(
        (0xd16cfe0994fdccebL >>> 11) * 0x1p-53,
        Philox.uniform53(0x299f31d0_a4093822L, 0x13198a2e, 0x85a308d3, 0x243f6a88, 0x03707344));
  }

  @Test
  void everyPartOfTheKeyMatters() {
    double drawn = Philox.uniform53(7, 1, 2, 3, Philox.DRAW);
    assertNotEquals(drawn, Philox.uniform53(8, 1, 2, 3, Philox.DRAW));
    assertNotEquals(drawn, Philox.uniform53(7 + (1L << 32), 1, 2, 3, Philox.DRAW));
    assertNotEquals(drawn, Philox.uniform53(7, 2, 2, 3, Philox.DRAW));
    assertNotEquals(drawn, Philox.uniform53(7, 1, 3, 3, Philox.DRAW));
    assertNotEquals(drawn, Philox.uniform53(7, 1, 2, 4, Philox.DRAW));
    assertNotEquals(drawn, Philox.uniform53(7, 1, 2, 3, Philox.PRIOR));
  }

  /** Mean within 5 standard deviations, 1/sqrt(12 n): a false alarm in 1.7 million. */
  @Test
  void uniformsFillTheUnitInterval() {
    int n = 100_000;
    double sum = 0;
    for (int position = 0; position < n; position++) {
      double u = Philox.uniform53(11, 0, 5, position, Philox.DRAW);
      assertTrue(u >= 0 && u < 1);
      sum += u;
    }
    assertEquals(0.5, sum / n, 5 / Math.sqrt(12.0 * n));
  }
}
