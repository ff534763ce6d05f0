package io.sedd.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PairedRatioTest {

  @Test
  void roundsThatAreSlowOnBothSidesDoNotShow() {
    double[] under = {1, 5, 1, 40, 1};
    double[] over = Arrays.stream(under).map(s -> 1.25 * s).toArray();
    assertEquals(new PairedRatio(1.25, 1.25, 1.25), PairedRatio.of(over, under));
  }

  @Test
  void fewRoundsGiveAllThatWasSeenAndManyTheirMiddle() {
    assertEquals(new PairedRatio(3, 1, 5), PairedRatio.of(new double[] {5, 1, 3, 2, 4}, ones(5)));
    double[] hundred = new double[101];
    Arrays.setAll(hundred, i -> i);
    // binomial(101, 1/2): 41 or fewer on one side have 3.7 %, 42 or fewer 5.6 %
    assertEquals(new PairedRatio(50, 41, 59), PairedRatio.of(hundred, ones(101)));
  }

  /** 2,000 intervals that hold with 0.9 at least: fewer than 1,740 do so once in 100,000 runs. */
  @Test
  void theIntervalHoldsTheMedianAsOftenAsItSays() {
    SplittableRandom random = new SplittableRandom(1);
    int held = 0;
    for (int i = 0; i < 2_000; i++) {
      double[] ratios = new double[9];
      // skewed, as times are; the median is 1
      Arrays.setAll(ratios, _ -> Math.exp(random.nextGaussian()));
      PairedRatio ratio = PairedRatio.of(ratios, ones(9));
      held += ratio.low() <= 1 && 1 <= ratio.high() ? 1 : 0;
    }
    assertTrue(held >= 1_740, held + " of 2000");
  }

  @Test
  void roundsWithoutTheirTwinAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> PairedRatio.of(new double[] {1}, ones(2)));
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }
}
