package io.sedd.diffusion.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DropoutTest {

  private static float[] factors(Dropout dropout, int site, int sequence, int position) {
    float[] factors = new float[1000];
    dropout.factors(site, sequence, position, factors);
    return factors;
  }

  /**
   * 100,000 numbers: a deviation of 4.9 standard errors has probability 1e-6; the seed is fixed.
   */
  @Test
  void aTenthIsDroppedAndTheMeanStays() {
    Dropout dropout = new Dropout(0.1, 1, 0, 0);
    int dropped = 0;
    double sum = 0;
    for (int position = 0; position < 100; position++) {
      for (float factor : factors(dropout, 0, 0, position)) {
        dropped += factor == 0 ? 1 : 0;
        sum += factor;
      }
    }
    assertEquals(10_000, dropped, 4.9 * Math.sqrt(100_000 * 0.1 * 0.9));
    assertEquals(100_000 - dropped, sum * 0.9, 2);
  }

  @Test
  void everyStepSequencePositionAndSiteDropsOthers() {
    Set<String> seen = new HashSet<>();
    for (int step = 0; step < 2; step++) {
      for (int sequence = 0; sequence < 2; sequence++) {
        for (int position = 0; position < 2; position++) {
          for (int site = 0; site < 2; site++) {
            Dropout dropout = new Dropout(0.5, 1, step, 0);
            seen.add(Arrays.toString(factors(dropout, site, sequence, position)));
          }
        }
      }
    }
    seen.add(Arrays.toString(factors(new Dropout(0.5, 2, 0, 0), 0, 0, 0)));
    assertEquals(17, seen.size());
  }

  @Test
  void aSequenceDropsTheSameInEveryBatch() {
    assertArrayEquals(
        factors(new Dropout(0.2, 3, 5, 0), 1, 7, 2), factors(new Dropout(0.2, 3, 5, 6), 1, 1, 2));
  }

  @Test
  void aRateOfNothingDropsNothing() {
    assertFalse(Dropout.NONE.isOn());
    assertTrue(new Dropout(1e-4, 1, 0, 0).isOn());
    for (float factor : factors(Dropout.NONE, 0, 0, 0)) {
      assertEquals(1, factor);
    }
    assertThrows(IllegalArgumentException.class, () -> new Dropout(1, 1, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Dropout(-0.1, 1, 0, 0));
  }
}
