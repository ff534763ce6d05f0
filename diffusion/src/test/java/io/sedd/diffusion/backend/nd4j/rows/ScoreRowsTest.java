package io.sedd.diffusion.backend.nd4j.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Vector API's passes over scores against those in plain Java. */
class ScoreRowsTest {

  private final ScoreRows fast = RowKernels.vector().scores();
  private final ScoreRows plain = RowKernels.scalar().scores();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 8, 31, 33, 511, 1023, 1024, 1025})
  void bothGiveTheSameNumbers(int n) {
    try (Arena arena = Arena.ofConfined()) {
      long x = random(arena, n);
      float largest = plain.maximum(x, n);
      assertEquals(largest, fast.maximum(x, n));
      assertEquals(plain.minimum(x, n), fast.minimum(x, n));
      assertClose(plain.sum(x, n), fast.sum(x, n), 1e-4);
      float shift = n == 0 ? 0 : largest;
      assertClose(plain.sumExponentials(x, shift, n), fast.sumExponentials(x, shift, n), 1e-6);
      for (float constant : new float[] {0, -1e-3f, -0.4f, -2}) {
        assertSame(
            arena,
            n,
            target -> plain.weights(x, shift, constant, n, target),
            target -> fast.weights(x, shift, constant, n, target));
        for (float power : new float[] {0.6f, 1, 3}) {
          if (constant > -1) {
            assertSame(
                arena,
                n,
                target -> plain.powers(x, shift, constant, power, n, target),
                target -> fast.powers(x, shift, constant, power, n, target));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 40, 1025})
  void whatCannotBeComparedIsPassedOverAndShowsInTheSum(int n) {
    try (Arena arena = Arena.ofConfined()) {
      for (ScoreRows rows : new ScoreRows[] {fast, plain}) {
        long x = random(arena, n);
        Memory.set(x + 4L * (n - 1), Float.NaN);
        Memory.set(x, Float.NaN);
        assertEquals(plain.maximum(x + 4, n - 1), rows.maximum(x, n));
        assertTrue(Double.isNaN(rows.sumExponentials(x, 10, n)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 40, 1025})
  void impossibleStatesWeighExactlyNothing(int n) {
    try (Arena arena = Arena.ofConfined()) {
      for (ScoreRows rows : new ScoreRows[] {fast, plain}) {
        long x = arena.allocate(4L * n + 4).address();
        for (int i = 0; i < n; i++) {
          Memory.set(x + 4L * i, Float.NEGATIVE_INFINITY);
        }
        assertEquals(Float.NEGATIVE_INFINITY, rows.maximum(x, n));
        assertEquals(0, rows.sumExponentials(x, 0, n));
        rows.powers(x, 0, -0.5f, 0.1f, n, x);
        assertEquals(0, rows.maximum(x, n));
      }
    }
  }

  private interface Pass {
    void to(long target);
  }

  private static void assertSame(Arena arena, int n, Pass expected, Pass actual) {
    long a = arena.allocate(4L * n + 4).address();
    long b = arena.allocate(4L * n + 4).address();
    expected.to(a);
    actual.to(b);
    for (int i = 0; i <= n; i++) {
      assertEquals(Memory.get(a + 4L * i), Memory.get(b + 4L * i), 1e-6, "at " + i + " of " + n);
    }
  }

  private static void assertClose(double expected, double actual, double tolerance) {
    assertEquals(expected, actual, tolerance * Math.max(1, Math.abs(expected)));
  }

  /** Normal numbers of deviation 3. */
  private static long random(Arena arena, int n) {
    long x = arena.allocate(4L * n + 4).address();
    Random random = new Random(n);
    for (int i = 0; i < n; i++) {
      Memory.set(x + 4L * i, (float) (3 * random.nextGaussian()));
    }
    return x;
  }
}
