package io.sedd.cuda.ptx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sedd.cuda.ptx.machine.KernelFault;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tensor core instructions against a plain product of matrices. */
class MatrixTest {

  /**
   * ldmatrix of A [16, 16] and B [8, 16] (that is, column-major), both in shared memory, and mma.
   */
  private static final String PRODUCT =
      """
      mul.wide.u32 %rd9, %r1, 16;
      add.s64 %rd9, %rd1, %rd9;
      ld.global.v4.b32 {%r2, %r3, %r4, %r5}, [%rd9];
      shl.b32 %r8, %r1, 4;
      mov.u32 %r9, tile;
      add.u32 %r8, %r8, %r9;
      st.shared.v4.b32 [%r8], {%r2, %r3, %r4, %r5};
      mul.wide.u32 %rd10, %r1, 8;
      add.s64 %rd10, %rd1, %rd10;
      ld.global.v2.b32 {%r6, %r7}, [%rd10+512];
      shl.b32 %r10, %r1, 3;
      add.u32 %r10, %r10, %r9;
      st.shared.v2.b32 [%r10+512], {%r6, %r7};
      bar.warp.sync -1;
      and.b32 %r11, %r1, 15;
      shl.b32 %r11, %r11, 5;
      shr.u32 %r12, %r1, 4;
      shl.b32 %r12, %r12, 4;
      add.u32 %r11, %r11, %r12;
      add.u32 %r11, %r11, %r9;
      ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%r20, %r21, %r22, %r23}, [%r11];
      and.b32 %r13, %r1, 7;
      shl.b32 %r13, %r13, 5;
      shr.u32 %r14, %r1, 3;
      and.b32 %r14, %r14, 1;
      shl.b32 %r14, %r14, 4;
      add.u32 %r13, %r13, %r14;
      add.u32 %r13, %r13, %r9;
      ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%r24, %r25}, [%r13+512];
      mov.f32 %f1, 0f3F800000;
      mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%f10, %f11, %f12, %f13},
        {%r20, %r21, %r22, %r23}, {%r24, %r25}, {%f1, %f1, %f1, %f1};
      shr.u32 %r30, %r1, 2;
      and.b32 %r31, %r1, 3;
      shl.b32 %r30, %r30, 5;
      shl.b32 %r31, %r31, 3;
      add.u32 %r30, %r30, %r31;
      cvt.u64.u32 %rd11, %r30;
      add.s64 %rd11, %rd2, %rd11;
      st.global.v2.f32 [%rd11], {%f10, %f11};
      st.global.v2.f32 [%rd11+256], {%f12, %f13};
      """;

  private final PtxBench bench = new PtxBench();

  private static int[] packed(float[] values) {
    int[] words = new int[values.length / 2];
    for (int i = 0; i < values.length; i++) {
      words[i / 2] |= Float.floatToRawIntBits(values[i]) >>> 16 << (16 * (i % 2));
    }
    return words;
  }

  /** Small whole numbers, which bf16 and every sum of them hold exactly. */
  private static float[] whole(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(33) - 16;
    }
    return values;
  }

  @Test
  void aProductOfFragmentsIsTheProductOfTheMatrices() {
    float[] a = whole(256, 1);
    float[] b = whole(128, 2);
    float[] both = new float[384];
    System.arraycopy(a, 0, both, 0, 256);
    System.arraycopy(b, 0, both, 256, 128);
    int[] out = bench.run(PRODUCT, 32, packed(both), 128);
    for (int row = 0; row < 16; row++) {
      for (int column = 0; column < 8; column++) {
        float expected = 1;
        for (int k = 0; k < 16; k++) {
          expected += a[16 * row + k] * b[16 * column + k];
        }
        assertEquals(expected, Float.intBitsToFloat(out[8 * row + column]), row + ", " + column);
      }
    }
  }

  @Test
  void aFragmentOfEightColumnsIsTheLeftHalf() {
    // A is the identity in its first 8 rows: lane 4 i + t holds columns 2 t and 2 t + 1 of row i
    int[] out =
        bench.run(
            """
            shr.u32 %r2, %r1, 2;
            and.b32 %r3, %r1, 3;
            shl.b32 %r4, %r3, 1;
            setp.eq.u32 %p1, %r2, %r4;
            add.u32 %r5, %r4, 1;
            setp.eq.u32 %p2, %r2, %r5;
            selp.b32 %r6, 0x3f80, 0, %p1;
            selp.b32 %r6, 0x3f800000, %r6, %p2;
            mov.b32 %r7, 0;
            cvt.rn.f32.u32 %f1, %r1;
            cvt.rn.bf16x2.f32 %r8, %f1, %f1;
            mov.f32 %f2, 0f00000000;
            mma.sync.aligned.m16n8k8.row.col.f32.bf16.bf16.f32 {%f3, %f4, %f5, %f6}, {%r6, %r7},
              {%r8}, {%f2, %f2, %f2, %f2};
            add.f32 %f3, %f3, %f5;
            cvt.rzi.u32.f32 %r9, %f3;
            st.global.u32 [%rd6], %r9;
            """,
            32, new int[32]);
    for (int lane = 0; lane < 32; lane++) {
      int row = lane / 4;
      int column = 2 * (lane % 4);
      // row k of B, column g is with lane 4 g + k / 2
      assertEquals(4 * column + row / 2, out[lane]);
    }
  }

  @Test
  void aTransposedLoadTurnsEachMatrix() {
    int[] in = new int[32];
    for (int i = 0; i < 64; i++) {
      in[i / 2] |= i << (16 * (i % 2));
    }
    int[] out =
        bench.run(
            """
            ld.global.u32 %r2, [%rd5];
            shl.b32 %r3, %r1, 2;
            mov.u32 %r4, tile;
            add.u32 %r3, %r3, %r4;
            st.shared.u32 [%r3], %r2;
            bar.warp.sync -1;
            and.b32 %r5, %r1, 7;
            shl.b32 %r5, %r5, 4;
            add.u32 %r5, %r5, %r4;
            ldmatrix.sync.aligned.m8n8.x1.trans.shared.b16 {%r6}, [%r5];
            bar.warp.sync -1;
            stmatrix.sync.aligned.m8n8.x1.trans.shared.b16 [%r5+128], {%r6};
            bar.warp.sync -1;
            ld.shared.u32 %r7, [%r3+128];
            sub.u32 %r7, %r7, %r2;
            add.u32 %r6, %r6, %r7;
            st.global.u32 [%rd6], %r6;
            """,
            32, in);
    for (int lane = 0; lane < 32; lane++) {
      int row = lane / 4;
      int column = 2 * (lane % 4);
      assertEquals(8 * column + row | (8 * (column + 1) + row) << 16, out[lane]);
    }
  }

  @Test
  void aMatrixInstructionOfHalfAWarpIsAFault() {
    assertThrows(
        KernelFault.class,
        () ->
            bench.run(
                "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%f1, %f2, %f3, %f4},"
                    + " {%r1, %r1}, {%r1}, {%f1, %f2, %f3, %f4};",
                16, new int[32]));
  }
}
