package io.sedd.diffusion.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OfficialRowDrawTest {

  private static final int ROWS = 20_000;

  private static int[] drawn(float[] row, int own, DrawRule rule) {
    float[] logits = new float[ROWS * row.length];
    for (int r = 0; r < ROWS; r++) {
      System.arraycopy(row, 0, logits, r * row.length, row.length);
    }
    int[] states = new int[ROWS];
    Arrays.fill(states, own);
    int[] drawn = new int[ROWS];
    try (Backend backend = new ReferenceBackend();
        Tensor tensor = backend.allocate(ROWS, row.length)) {
      backend.write(MemorySegment.ofArray(logits), tensor);
      new OfficialRowDraw(backend)
          .begin(tensor, RowLayout.ofLengths(ROWS), states, List.of(rule), drawn)
          .await();
    }
    return drawn;
  }

  /** 20,000 draws, limit 5 standard deviations for three states: false alarms below 2e-6. */
  @Test
  void drawsFollowTheWeightsOfTheRule() {
    float[] row = {(float) Math.log(0.5), (float) Math.log(0.25), 9};
    // stays with 1 - 0.4 (0.5 + 0.25) = 0.7
    int[] drawn = drawn(row, 2, new DrawRule(0.4, 0, 1.4, -0.4, 0, 1, 1, 5, 0, 3));
    double[] expected = {0.2, 0.1, 0.7};
    for (int y = 0; y < 3; y++) {
      int state = y;
      double share = Arrays.stream(drawn).filter(d -> d == state).count() / (double) ROWS;
      double deviation = Math.sqrt(expected[y] * (1 - expected[y]) / ROWS);
      assertEquals(expected[y], share, 5 * deviation, "state " + y);
    }
  }

  /**
   * The largest number of the race is some 1e-10 for a uniform number of 1 - 2^-24 and 2^-24 apart
   * from the next: a weight 1e-9 of another one loses even at its best, which an exact draw would
   * let win once in a thousand million.
   */
  @Test
  void aRareStateLosesEvenWithTheBestNumberOfTheGrid() {
    double best = 1 - 0x1p-24;
    assertEquals(0, OfficialDraw.index(new double[] {1, 1e-9}, new double[] {0.9, best}));
  }

  @Test
  void aTemperatureIsRefused() {
    DrawRule rule = new DrawRule(1, 0, 0, 0, 0, 0.5, 1, 5, 0, 0);
    assertThrows(IllegalArgumentException.class, () -> drawn(new float[] {0, 0}, 1, rule));
  }
}
