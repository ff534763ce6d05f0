package io.sedd.trainer.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RecipeTest {

  private static Recipe recipe(double clip) {
    return new Recipe(LearningRate.constant(1e-3, 0), 0.9, 0.999, 1e-8, 0, clip, 0.9999);
  }

  @Test
  void scalesOnlyGradientsThatAreLongerThanTheClip() {
    assertEquals(1, recipe(1).step(1, 0.5).gradientScale());
    assertEquals(1 / (4 + 1e-6), recipe(1).step(1, 4).gradientScale());
    assertEquals(1, recipe(1).step(1, 0).gradientScale());
  }

  @Test
  void doesNotClipWhereTheClipIsZero() {
    assertEquals(1, recipe(0).step(1, 1e9).gradientScale());
  }

  @Test
  void averagesQuicklyAtFirst() {
    assertEquals(2.0 / 11, recipe(1).step(1, 1).averageDecay());
    assertEquals(101.0 / 110, recipe(1).step(100, 1).averageDecay());
    assertEquals(0.9999, recipe(1).step(1_000_000, 1).averageDecay());
  }

  @Test
  void refusesANormThatIsNotFinite() {
    assertThrows(ArithmeticException.class, () -> recipe(1).step(1, Double.NaN));
    assertThrows(ArithmeticException.class, () -> recipe(0).step(1, Double.POSITIVE_INFINITY));
  }
}
