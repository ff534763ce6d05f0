package io.sedd.trainer.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LearningRateTest {

  @Test
  void warmsUpLinearlyAndThenStays() {
    LearningRate rate = LearningRate.constant(3e-4, 2);
    assertEquals(1.5e-4, rate.at(1));
    assertEquals(3e-4, rate.at(2));
    assertEquals(3e-4, rate.at(1_000_000));
  }

  @Test
  void hasItsPeakAtOnceWithoutWarmUp() {
    assertEquals(0.1, LearningRate.constant(0.1, 0).at(1));
  }

  @Test
  void fallsAlongACosineToItsFinalFractionAndNoFurther() {
    LearningRate rate = new LearningRate(1, 10, 110, 0.1);
    assertEquals(1, rate.at(10));
    assertEquals(0.55, rate.at(60), 1e-12);
    assertEquals(0.1, rate.at(110), 1e-12);
    assertEquals(0.1, rate.at(5000), 1e-12);
    for (int n = 11; n <= 110; n++) {
      assertTrue(rate.at(n) < rate.at(n - 1), "step " + n);
    }
  }

  @Test
  void refusesADecayThatEndsInTheWarmUp() {
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> new LearningRate(1, 100, 50, 0.1));
    assertTrue(refusal.getMessage().contains("50"), refusal.getMessage());
  }

  @Test
  void refusesRatesAndFractionsOutOfRange() {
    assertThrows(IllegalArgumentException.class, () -> LearningRate.constant(0, 0));
    assertThrows(IllegalArgumentException.class, () -> LearningRate.constant(Double.NaN, 0));
    assertThrows(IllegalArgumentException.class, () -> LearningRate.constant(1, -1));
    assertThrows(IllegalArgumentException.class, () -> new LearningRate(1, 0, 10, 1.1));
  }
}
