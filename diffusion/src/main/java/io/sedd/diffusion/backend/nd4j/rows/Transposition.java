package io.sedd.diffusion.backend.nd4j.rows;

import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sixteen by sixteen numbers from rows to columns, in the registers of AVX-512: four passes over
 * sixteen vectors, each of which swaps the off-diagonal blocks of half the size of the one before.
 * Numbers move as bits. One by one they take six times as long, 0.4 ns a number on a Zen 5 core.
 */
final class Transposition {

  /** Rows and columns of a tile. */
  static final int SIDE = 16;

  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;

  // constants one by one: the compiler does not see through an array of them
  private static final IntVector FIRST_8 = first(8);
  private static final IntVector SECOND_8 = second(8);
  private static final IntVector FIRST_4 = first(4);
  private static final IntVector SECOND_4 = second(4);
  private static final IntVector FIRST_2 = first(2);
  private static final IntVector SECOND_2 = second(2);
  private static final IntVector FIRST_1 = first(1);
  private static final IntVector SECOND_1 = second(1);

  private Transposition() {}

  /**
   * Of two rows, those numbers that the upper one has afterwards; the lower one's count from 16.
   */
  private static IntVector first(int block) {
    return indices(i -> (i & block) == 0 ? i : SIDE + i - block);
  }

  private static IntVector second(int block) {
    return indices(i -> (i & block) == 0 ? i + block : SIDE + i);
  }

  private static IntVector indices(IntUnaryOperator source) {
    return IntVector.fromArray(INTS, IntStream.range(0, SIDE).map(source).toArray(), 0);
  }

  /** target [16, 16] = source [16, 16] transposed; strides in bytes from row to row. */
  static void tile(long source, long sourceStride, long target, long targetStride) {
    IntVector r0 = IntVector.fromMemorySegment(INTS, Memory.ALL, source, Lanes.ORDER);
    IntVector r1 =
        IntVector.fromMemorySegment(INTS, Memory.ALL, source + sourceStride, Lanes.ORDER);
    IntVector r2 =
        IntVector.fromMemorySegment(INTS, Memory.ALL, source + 2 * sourceStride, Lanes.ORDER);
    IntVector r3 =
        IntVector.fromMemorySegment(INTS, Memory.ALL, source + 3 * sourceStride, Lanes.ORDER);
    IntVector r4 =
        IntVector.fromMemorySegment(INTS, Memory.ALL, source + 4 * sourceStride, Lanes.ORDER);
    IntVector r5 =
        IntVector.fromMemorySegment(INTS, Memory.ALL, source + 5 * sourceStride, Lanes.ORDER);
    IntVector r6 =
        IntVector.fromMemorySegment(INTS, Memory.ALL, source + 6 * sourceStride, Lanes.ORDER);
    IntVector r7 =
        IntVector.fromMemorySegment(INTS, Memory.ALL, source + 7 * sourceStride, Lanes.ORDER);
    IntVector r8 =
        IntVector.fromMemorySegment(INTS, Memory.ALL, source + 8 * sourceStride, Lanes.ORDER);
    IntVector r9 =
        IntVector.fromMemorySegment(INTS, Memory.ALL, source + 9 * sourceStride, Lanes.ORDER);
    IntVector r10 =
        IntVector.fromMemorySegment(INTS, Memory.ALL, source + 10 * sourceStride, Lanes.ORDER);
    IntVector r11 =
        IntVector.fromMemorySegment(INTS, Memory.ALL, source + 11 * sourceStride, Lanes.ORDER);
    IntVector r12 =
        IntVector.fromMemorySegment(INTS, Memory.ALL, source + 12 * sourceStride, Lanes.ORDER);
    IntVector r13 =
        IntVector.fromMemorySegment(INTS, Memory.ALL, source + 13 * sourceStride, Lanes.ORDER);
    IntVector r14 =
        IntVector.fromMemorySegment(INTS, Memory.ALL, source + 14 * sourceStride, Lanes.ORDER);
    IntVector r15 =
        IntVector.fromMemorySegment(INTS, Memory.ALL, source + 15 * sourceStride, Lanes.ORDER);
    IntVector a0 = FIRST_8.selectFrom(r0, r8);
    IntVector a8 = SECOND_8.selectFrom(r0, r8);
    IntVector a1 = FIRST_8.selectFrom(r1, r9);
    IntVector a9 = SECOND_8.selectFrom(r1, r9);
    IntVector a2 = FIRST_8.selectFrom(r2, r10);
    IntVector a10 = SECOND_8.selectFrom(r2, r10);
    IntVector a3 = FIRST_8.selectFrom(r3, r11);
    IntVector a11 = SECOND_8.selectFrom(r3, r11);
    IntVector a4 = FIRST_8.selectFrom(r4, r12);
    IntVector a12 = SECOND_8.selectFrom(r4, r12);
    IntVector a5 = FIRST_8.selectFrom(r5, r13);
    IntVector a13 = SECOND_8.selectFrom(r5, r13);
    IntVector a6 = FIRST_8.selectFrom(r6, r14);
    IntVector a14 = SECOND_8.selectFrom(r6, r14);
    IntVector a7 = FIRST_8.selectFrom(r7, r15);
    IntVector a15 = SECOND_8.selectFrom(r7, r15);
    IntVector b0 = FIRST_4.selectFrom(a0, a4);
    IntVector b4 = SECOND_4.selectFrom(a0, a4);
    IntVector b1 = FIRST_4.selectFrom(a1, a5);
    IntVector b5 = SECOND_4.selectFrom(a1, a5);
    IntVector b2 = FIRST_4.selectFrom(a2, a6);
    IntVector b6 = SECOND_4.selectFrom(a2, a6);
    IntVector b3 = FIRST_4.selectFrom(a3, a7);
    IntVector b7 = SECOND_4.selectFrom(a3, a7);
    IntVector b8 = FIRST_4.selectFrom(a8, a12);
    IntVector b12 = SECOND_4.selectFrom(a8, a12);
    IntVector b9 = FIRST_4.selectFrom(a9, a13);
    IntVector b13 = SECOND_4.selectFrom(a9, a13);
    IntVector b10 = FIRST_4.selectFrom(a10, a14);
    IntVector b14 = SECOND_4.selectFrom(a10, a14);
    IntVector b11 = FIRST_4.selectFrom(a11, a15);
    IntVector b15 = SECOND_4.selectFrom(a11, a15);
    IntVector c0 = FIRST_2.selectFrom(b0, b2);
    IntVector c2 = SECOND_2.selectFrom(b0, b2);
    IntVector c1 = FIRST_2.selectFrom(b1, b3);
    IntVector c3 = SECOND_2.selectFrom(b1, b3);
    IntVector c4 = FIRST_2.selectFrom(b4, b6);
    IntVector c6 = SECOND_2.selectFrom(b4, b6);
    IntVector c5 = FIRST_2.selectFrom(b5, b7);
    IntVector c7 = SECOND_2.selectFrom(b5, b7);
    IntVector c8 = FIRST_2.selectFrom(b8, b10);
    IntVector c10 = SECOND_2.selectFrom(b8, b10);
    IntVector c9 = FIRST_2.selectFrom(b9, b11);
    IntVector c11 = SECOND_2.selectFrom(b9, b11);
    IntVector c12 = FIRST_2.selectFrom(b12, b14);
    IntVector c14 = SECOND_2.selectFrom(b12, b14);
    IntVector c13 = FIRST_2.selectFrom(b13, b15);
    IntVector c15 = SECOND_2.selectFrom(b13, b15);
    IntVector d0 = FIRST_1.selectFrom(c0, c1);
    IntVector d1 = SECOND_1.selectFrom(c0, c1);
    IntVector d2 = FIRST_1.selectFrom(c2, c3);
    IntVector d3 = SECOND_1.selectFrom(c2, c3);
    IntVector d4 = FIRST_1.selectFrom(c4, c5);
    IntVector d5 = SECOND_1.selectFrom(c4, c5);
    IntVector d6 = FIRST_1.selectFrom(c6, c7);
    IntVector d7 = SECOND_1.selectFrom(c6, c7);
    IntVector d8 = FIRST_1.selectFrom(c8, c9);
    IntVector d9 = SECOND_1.selectFrom(c8, c9);
    IntVector d10 = FIRST_1.selectFrom(c10, c11);
    IntVector d11 = SECOND_1.selectFrom(c10, c11);
    IntVector d12 = FIRST_1.selectFrom(c12, c13);
    IntVector d13 = SECOND_1.selectFrom(c12, c13);
    IntVector d14 = FIRST_1.selectFrom(c14, c15);
    IntVector d15 = SECOND_1.selectFrom(c14, c15);
    d0.intoMemorySegment(Memory.ALL, target, Lanes.ORDER);
    d1.intoMemorySegment(Memory.ALL, target + targetStride, Lanes.ORDER);
    d2.intoMemorySegment(Memory.ALL, target + 2 * targetStride, Lanes.ORDER);
    d3.intoMemorySegment(Memory.ALL, target + 3 * targetStride, Lanes.ORDER);
    d4.intoMemorySegment(Memory.ALL, target + 4 * targetStride, Lanes.ORDER);
    d5.intoMemorySegment(Memory.ALL, target + 5 * targetStride, Lanes.ORDER);
    d6.intoMemorySegment(Memory.ALL, target + 6 * targetStride, Lanes.ORDER);
    d7.intoMemorySegment(Memory.ALL, target + 7 * targetStride, Lanes.ORDER);
    d8.intoMemorySegment(Memory.ALL, target + 8 * targetStride, Lanes.ORDER);
    d9.intoMemorySegment(Memory.ALL, target + 9 * targetStride, Lanes.ORDER);
    d10.intoMemorySegment(Memory.ALL, target + 10 * targetStride, Lanes.ORDER);
    d11.intoMemorySegment(Memory.ALL, target + 11 * targetStride, Lanes.ORDER);
    d12.intoMemorySegment(Memory.ALL, target + 12 * targetStride, Lanes.ORDER);
    d13.intoMemorySegment(Memory.ALL, target + 13 * targetStride, Lanes.ORDER);
    d14.intoMemorySegment(Memory.ALL, target + 14 * targetStride, Lanes.ORDER);
    d15.intoMemorySegment(Memory.ALL, target + 15 * targetStride, Lanes.ORDER);
  }
}
