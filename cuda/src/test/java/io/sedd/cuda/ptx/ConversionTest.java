package io.sedd.cuda.ptx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** {@code cvt} against Java's casts. */
class ConversionTest {

  private static final int[] INTEGERS = {
    0,
    1,
    -1,
    127,
    128,
    255,
    256,
    -128,
    -129,
    32767,
    32768,
    65535,
    65536,
    16777217,
    -16777219,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0x12345678
  };
  private static final float[] FLOATS = {
    0f,
    -0f,
    0.5f,
    1.5f,
    2.5f,
    -0.5f,
    -1.5f,
    0.4999f,
    0.75f,
    -2.75f,
    127.6f,
    300f,
    -300f,
    70000f,
    2e9f,
    3e9f,
    -3e9f,
    1e19f,
    -1e19f,
    2e19f,
    Float.NaN,
    Float.POSITIVE_INFINITY,
    1e-41f,
    65504f,
    65520f,
    3.3e38f,
    1.00390625f,
    1.01171875f
  };

  private final PtxBench bench = new PtxBench();

  private void integers(String instruction, IntUnaryOperator expected) {
    int[] out =
        bench.run(
            "ld.global.u32 %r2, [%rd5];\n" + instruction + "\n st.global.u32 [%rd6], %r3;",
            INTEGERS.length,
            INTEGERS);
    for (int i = 0; i < INTEGERS.length; i++) {
      assertEquals(expected.applyAsInt(INTEGERS[i]), out[i], instruction + " of " + INTEGERS[i]);
    }
  }

  private interface OfFloat {
    int bits(float value);
  }

  private void floats(String instruction, OfFloat expected) {
    int[] in = new int[FLOATS.length];
    for (int i = 0; i < in.length; i++) {
      in[i] = Float.floatToRawIntBits(FLOATS[i]);
    }
    int[] out =
        bench.run(
            "ld.global.f32 %f1, [%rd5];\n" + instruction + "\n st.global.u32 [%rd6], %r3;",
            in.length,
            in);
    for (int i = 0; i < in.length; i++) {
      assertEquals(expected.bits(FLOATS[i]), out[i], instruction + " of " + FLOATS[i]);
    }
  }

  @Test
  void integersAreCutAndExtended() {
    integers("cvt.u32.u8 %r3, %r2;", x -> x & 0xff);
    integers("cvt.s32.s8 %r3, %r2;", x -> (byte) x);
    integers("cvt.u16.u32 %rs1, %r2; cvt.s32.s16 %r3, %rs1;", x -> (short) x);
    integers("cvt.s64.s32 %rd9, %r2; shr.s64 %rd9, %rd9, 32; cvt.u32.u64 %r3, %rd9;", x -> x >> 31);
    integers("cvt.u64.u32 %rd9, %r2; shr.u64 %rd9, %rd9, 32; cvt.u32.u64 %r3, %rd9;", x -> 0);
    integers("cvt.sat.s8.s32 %r3, %r2;", x -> Math.clamp(x, -128, 127));
    integers("cvt.sat.u16.s32 %rs1, %r2; cvt.u32.u16 %r3, %rs1;", x -> Math.clamp(x, 0, 65535));
  }

  @Test
  void integersBecomeFloats() {
    String back = " mov.b32 %r3, %f2;";
    integers("cvt.rn.f32.s32 %f2, %r2;" + back, x -> Float.floatToRawIntBits((float) x));
    integers(
        "cvt.rn.f32.u32 %f2, %r2;" + back,
        x -> Float.floatToRawIntBits((float) Integer.toUnsignedLong(x)));
    integers(
        "cvt.rz.f32.s32 %f2, %r2;" + back,
        x -> {
          float near = x;
          boolean away = Math.abs((double) near) > Math.abs((double) x);
          float cut = near > 0 ? Math.nextDown(near) : Math.nextUp(near);
          return Float.floatToRawIntBits(away ? cut : near);
        });
    integers(
        "mul.wide.s32 %rd9, %r2, %r2; cvt.rn.f32.s64 %f2, %rd9;" + back,
        x -> Float.floatToRawIntBits((float) ((long) x * x)));
    integers(
        "not.b32 %r4, 0; mov.b64 %rd9, {%r2, %r4}; cvt.rn.f32.u64 %f2, %rd9;" + back,
        x -> Float.floatToRawIntBits(0x1p64f));
    integers(
        "cvt.rn.f64.s32 %fd1, %r2; cvt.rn.f32.f64 %f2, %fd1;" + back,
        x -> Float.floatToRawIntBits((float) x));
  }

  @Test
  void floatsBecomeIntegersWithinTheirRange() {
    floats("cvt.rzi.s32.f32 %r3, %f1;", x -> (int) x);
    floats("cvt.rni.s32.f32 %r3, %f1;", x -> (int) Math.rint(x));
    floats("cvt.rmi.s32.f32 %r3, %f1;", x -> (int) Math.floor(x));
    floats("cvt.rpi.s32.f32 %r3, %f1;", x -> (int) Math.ceil(x));
    floats("cvt.rzi.u32.f32 %r3, %f1;", x -> (int) Math.clamp((long) x, 0L, 0xffff_ffffL));
    floats("cvt.rzi.s64.f32 %rd9, %f1; cvt.u32.u64 %r3, %rd9;", x -> (int) (long) x);
    floats("cvt.rzi.u64.f32 %rd9, %f1; shr.u64 %rd9, %rd9, 32; cvt.u32.u64 %r3, %rd9;", this::high);
    floats("cvt.rni.f32.f32 %f2, %f1; mov.b32 %r3, %f2;", x -> bits((float) Math.rint(x)));
    floats("cvt.rmi.f32.f32 %f2, %f1; mov.b32 %r3, %f2;", x -> bits((float) Math.floor(x)));
  }

  private int high(float x) {
    if (!(x > 0)) {
      return 0;
    }
    double rest = Math.min(x, Math.nextDown(0x1p64));
    return x >= 0x1p64f ? -1 : (int) (long) (rest / 0x1p32);
  }

  private static int bits(float value) {
    return Float.floatToRawIntBits(value);
  }

  @Test
  void floatsBecomeHalves() {
    floats(
        "cvt.rn.f16.f32 %rs1, %f1; cvt.u32.u16 %r3, %rs1;", x -> Float.floatToFloat16(x) & 0xffff);
    floats("cvt.rn.bf16.f32 %rs1, %f1; cvt.u32.u16 %r3, %rs1;", ConversionTest::brain);
    floats("cvt.rn.bf16x2.f32 %r3, %f1, 0f3F800000;", x -> brain(x) << 16 | 0x3f80);
    floats(
        "cvt.rn.f16x2.f32 %r3, 0f3F800000, %f1;",
        x -> 0x3c00 << 16 | (Float.floatToFloat16(x) & 0xffff));
    floats("cvt.rn.bf16.f32 %rs1, %f1; mov.b32 %r3, {0, %rs1};", x -> brain(x) << 16);
  }

  /** Half way between two bf16 numbers the one with an even last bit: 1.00390625 is 0x3f80.8. */
  private static int brain(float x) {
    if (Float.isNaN(x)) {
      return 0x7fff;
    }
    int bits = Float.floatToRawIntBits(x);
    int rest = bits & 0xffff;
    int cut = bits >>> 16;
    return rest > 0x8000 || (rest == 0x8000 && (cut & 1) == 1) ? cut + 1 : cut;
  }
}
