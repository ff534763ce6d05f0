package io.sedd.diffusion.backend.nd4j.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors' tiles beside the plain ones, on sizes that no vector divides. */
class TileRowsTest {

  private static final int STRIDE = 100;
  private static final int NUMBERS = STRIDE * STRIDE;

  private final TileRows vector = new VectorTiles();
  private final TileRows scalar = new ScalarTiles();

  private static long filled(Arena arena, float first, float step) {
    long address = arena.allocate(4L * NUMBERS, 64).address();
    for (int i = 0; i < NUMBERS; i++) {
      Memory.set(address + 4L * i, first + step * i);
    }
    return address;
  }

  @ParameterizedTest
  @CsvSource({"16,16", "1,1", "15,17", "17,15", "33,47", "64,64", "80,5", "5,80"})
  void transposedIsTheSameAndNothingElseIsWritten(int m, int n) {
    try (Arena arena = Arena.ofConfined()) {
      long source = filled(arena, 1, 1);
      long expected = filled(arena, -1, 0);
      long actual = filled(arena, -1, 0);
      scalar.transpose(source, 4L * STRIDE, expected, 4L * STRIDE, m, n);
      vector.transpose(source, 4L * STRIDE, actual, 4L * STRIDE, m, n);
      for (int i = 0; i < NUMBERS; i++) {
        assertEquals(Memory.get(expected + 4L * i), Memory.get(actual + 4L * i), "number " + i);
      }
      assertEquals(
          Memory.get(source + 4L * (STRIDE * (m - 1) + n - 1)),
          Memory.get(actual + 4L * (STRIDE * (n - 1) + m - 1)));
    }
  }

  @ParameterizedTest
  @CsvSource({"4,1,1", "4,4,7", "8,5,64", "64,3,48", "12,1,33"})
  void aProductOfEveryWidthIsThePlainOne(int m, int vectors, int k) {
    int n = vectors * Lanes.COUNT;
    try (Arena arena = Arena.ofConfined()) {
      long a = filled(arena, -1, 1e-4f);
      long b = filled(arena, 0.5f, -1e-4f);
      long expected = filled(arena, 0, 1e-3f);
      long actual = filled(arena, 0, 1e-3f);
      long stride = 4L * STRIDE;
      for (boolean across : new boolean[] {false, true}) {
        long down = across ? 4 : stride;
        long along = across ? stride : 4;
        scalar.addProduct(a, down, along, b, stride, expected, stride, m, n, k);
        vector.addProduct(a, down, along, b, stride, actual, stride, m, n, k);
      }
      for (int i = 0; i < NUMBERS; i++) {
        float wanted = Memory.get(expected + 4L * i);
        assertEquals(wanted, Memory.get(actual + 4L * i), 1e-5f * (1 + Math.abs(wanted)));
      }
    }
  }
}
