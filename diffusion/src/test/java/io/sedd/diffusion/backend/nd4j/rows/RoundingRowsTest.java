package io.sedd.diffusion.backend.nd4j.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoundingRowsTest {

  static Stream<RoundingRows> kernels() {
    return Stream.of(new ScalarRounding(), new VectorRounding());
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void itRoundsToTheNearestAndTiesToEven(RoundingRows rows) {
    int[][] bits = {
      {0x3f800000, 0x3f80},
      {0x3f807fff, 0x3f80},
      {0x3f808000, 0x3f80},
      {0x3f808001, 0x3f81},
      {0x3f818000, 0x3f82},
      {0xbf818000, 0xbf82},
      {0x80000000, 0x8000},
      {0x7f7fffff, 0x7f80},
      {0x7f800000, 0x7f80},
      {0xff800000, 0xff80},
      {0x7f800001, 0x7fc0},
      {0x7fffffff, 0x7fff},
      {0xffffffff, 0xffff},
      {0x00000001, 0x0000},
      {0x00018000, 0x0002},
    };
    float[] values = new float[5 * bits.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(bits[i % bits.length][0]);
    }
    short[] rounded = rounded(rows, values);
    for (int i = 0; i < values.length; i++) {
      assertEquals(
          Integer.toHexString(bits[i % bits.length][1]),
          Integer.toHexString(rounded[i] & 0xffff),
          Integer.toHexString(bits[i % bits.length][0]));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void allFormsHoldTheSameNumbers(RoundingRows rows) {
    Random random = new Random(1);
    for (int n : new int[] {0, 1, 7, 8, 9, 1023, 1024, 1025}) {
      float[] values = new float[n];
      for (int i = 0; i < n; i++) {
        values[i] = (float) random.nextGaussian();
      }
      short[] halves = rounded(rows, values);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment memory = arena.allocate(4L * n + 8);
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, 4, n);
        rows.round(memory.address() + 4, memory.address() + 4, n);
        for (int i = 0; i < n; i++) {
          int bits = memory.get(ValueLayout.JAVA_INT, 4 + 4L * i);
          assertEquals(halves[i] << 16, bits);
        }
        assertEquals(0, memory.get(ValueLayout.JAVA_INT, 0));
        MemorySegment source = arena.allocateFrom(ValueLayout.JAVA_SHORT, halves);
        MemorySegment wide = arena.allocate(4L * n + 4);
        rows.widen(source.address(), wide.address(), n);
        assertEquals(-1, memory.asSlice(4, 4L * n).mismatch(wide.asSlice(0, 4L * n)));
        assertEquals(0, wide.get(ValueLayout.JAVA_INT, 4L * n));
        assertEquals(0, memory.get(ValueLayout.JAVA_INT, 4 + 4L * n));
      }
    }
  }

  private static short[] rounded(RoundingRows rows, float[] values) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment source = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
      MemorySegment target = arena.allocate(2L * values.length + 2);
      rows.toBf16(source.address(), target.address(), values.length);
      assertEquals(0, target.get(ValueLayout.JAVA_SHORT, 2L * values.length));
      return target.asSlice(0, 2L * values.length).toArray(ValueLayout.JAVA_SHORT);
    }
  }
}
