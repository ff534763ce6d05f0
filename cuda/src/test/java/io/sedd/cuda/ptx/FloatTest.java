package io.sedd.cuda.ptx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Floating point against Java's. */
class FloatTest {

  private static final float[] NUMBERS = numbers();
  private final PtxBench bench = new PtxBench();

  private static float[] numbers() {
    float[] special = {
      0f, -0f, 1f, -1f, 1.5f, 0.1f, -2.5f, 3.5f, 1e-40f, -1e-40f, 1e30f, 3e38f, 16777217f, 0x1p-126f
    };
    float[] all = Arrays.copyOf(special, 512);
    Random random = new Random(7);
    for (int i = special.length; i < all.length; i++) {
      all[i] = (float) (random.nextGaussian() * Math.exp(6 * random.nextGaussian()));
    }
    return all;
  }

  private interface Sum {
    float of(float a, float b);
  }

  /** The instruction on each number and the one after it. */
  private void check(String instruction, Sum expected) {
    float[] out =
        bench.run(
            """
            ld.global.f32 %f1, [%rd5];
            add.u32 %r2, %r1, 1;
            rem.u32 %r2, %r2, %ntid.x;
            mul.wide.u32 %rd9, %r2, 4;
            add.s64 %rd9, %rd1, %rd9;
            ld.global.f32 %f2, [%rd9];
            """
                + instruction
                + "\n st.global.f32 [%rd6], %f3;",
            NUMBERS);
    for (int i = 0; i < NUMBERS.length; i++) {
      float a = NUMBERS[i];
      float b = NUMBERS[(i + 1) % NUMBERS.length];
      float wanted = expected.of(a, b);
      boolean zero = wanted == 0 && out[i] == 0 && instruction.matches("(add|fma)\\.r[zmp].*");
      // the sign of a sum that is 0 is not looked at where it hangs on the rounding mode
      assertEquals(wanted, zero ? wanted : out[i], instruction + " of " + a + ", " + b);
    }
  }

  @Test
  void sumsAndProductsAreThoseOfJava() {
    check("add.f32 %f3, %f1, %f2;", (a, b) -> a + b);
    check("sub.rn.f32 %f3, %f1, %f2;", (a, b) -> a - b);
    check("mul.f32 %f3, %f1, %f2;", (a, b) -> a * b);
    check("fma.rn.f32 %f3, %f1, %f2, %f1;", (a, b) -> Math.fma(a, b, a));
    check("div.rn.f32 %f3, %f1, %f2;", (a, b) -> a / b);
    check("neg.f32 %f3, %f1;", (a, b) -> -a);
    check("abs.f32 %f3, %f1;", (a, b) -> Math.abs(a));
    check("min.f32 %f3, %f1, %f2;", Math::min);
    check("max.f32 %f3, %f1, %f2;", Math::max);
    check("copysign.f32 %f3, %f1, %f2;", (a, b) -> Math.copySign(b, a));
    check("sqrt.rn.f32 %f3, %f1;", (a, b) -> (float) Math.sqrt(a));
    check("rcp.rn.f32 %f3, %f1;", (a, b) -> 1 / a);
    check("setp.lt.f32 %p1, %f1, %f2; selp.f32 %f3, %f1, %f2, %p1;", (a, b) -> a < b ? a : b);
  }

  @Test
  void theOtherRoundingModesGiveTheNeighbourOnTheirSide() {
    for (String mode : new String[] {"rz", "rm", "rp"}) {
      check("add." + mode + ".f32 %f3, %f1, %f2;", (a, b) -> round(mode, exact(a).add(exact(b))));
      check(
          "mul." + mode + ".f32 %f3, %f1, %f2;",
          (a, b) -> zero(a, b) ? a * b : round(mode, exact(a).multiply(exact(b))));
      check(
          "fma." + mode + ".f32 %f3, %f1, %f2, %f2;",
          (a, b) -> round(mode, exact(a).multiply(exact(b)).add(exact(b))));
    }
  }

  private static boolean zero(float a, float b) {
    return a == 0 || b == 0;
  }

  private static BigDecimal exact(float value) {
    return new BigDecimal(value);
  }

  private static float round(String mode, BigDecimal value) {
    float nearest = value.floatValue();
    if (value.signum() == 0) {
      return 0f;
    }
    boolean up = mode.equals("rp") || (mode.equals("rz") && value.signum() < 0);
    if (Float.isInfinite(nearest)) {
      boolean away = up == value.signum() > 0;
      return away ? nearest : Math.copySign(Float.MAX_VALUE, nearest);
    }
    int side = new BigDecimal(nearest).compareTo(value);
    if (side < 0 && up) {
      return Math.nextUp(nearest);
    }
    return side > 0 && !up ? Math.nextDown(nearest) : nearest;
  }

  @Test
  void ftzTakesSubnormalNumbersForZeroAndSatStaysBetweenZeroAndOne() {
    check("add.ftz.f32 %f3, %f1, 0f00000000;", (a, b) -> flush(a) + 0f);
    check("mul.ftz.f32 %f3, %f1, 0f3F000000;", (a, b) -> flush(flush(a) * 0.5f));
    check("add.sat.f32 %f3, %f1, 0f00000000;", (a, b) -> Math.clamp(a, 0f, 1f) + 0f);
  }

  private static float flush(float value) {
    return Math.abs(value) < Float.MIN_NORMAL ? Math.copySign(0f, value) : value;
  }

  @Test
  void approximationsKeepTheBoundsOfPtx() {
    approximate("ex2.approx.f32", x -> Math.pow(2, x), 0x1p-22, -120, 120);
    approximate("lg2.approx.f32", x -> Math.log(x) / Math.log(2), 0x1p-22, 2.1, 1e6);
    approximate("rcp.approx.f32", x -> 1 / x, 0x1p-23, -1e6, 1e6);
    approximate("sqrt.approx.f32", Math::sqrt, 0x1p-23, 0, 1e6);
    approximate("rsqrt.approx.f32", x -> 1 / Math.sqrt(x), 0x1p-22, 1e-6, 1e6);
    approximate("sin.approx.f32", Math::sin, 0x1p-20, -3, -0.1);
    approximate("cos.approx.f32", Math::cos, 0x1p-20, -1, 1);
    approximate("tanh.approx.f32", Math::tanh, 0x1p-10, -5, 5);
  }

  private void approximate(
      String name, DoubleUnaryOperator function, double bound, double from, double to) {
    float[] in = new float[512];
    for (int i = 0; i < in.length; i++) {
      in[i] = (float) (from + (to - from) * (i + 0.5) / in.length);
    }
    float[] out =
        bench.run(
            "ld.global.f32 %f1, [%rd5];\n " + name + " %f2, %f1;\n st.global.f32 [%rd6], %f2;", in);
    for (int i = 0; i < in.length; i++) {
      double expected = function.applyAsDouble(in[i]);
      double error = Math.abs(out[i] - expected) / Math.abs(expected);
      assertTrue(error <= bound, name + " of " + in[i] + ": " + out[i] + ", off by " + error);
    }
  }

  @Test
  void theApproximationOfTanhIsAsCoarseAsACards() {
    float[] out =
        bench.run(
            "ld.global.f32 %f1, [%rd5]; tanh.approx.f32 %f2, %f1; st.global.f32 [%rd6], %f2;",
            new float[] {0.3f});
    assertEquals(0, Float.floatToRawIntBits(out[0]) & 0x1fff);
  }

  @Test
  void nanIsLostInExtremesUnlessAskedForAndFoundByComparisons() {
    float[] in = {Float.NaN, 1f, Float.NaN, Float.POSITIVE_INFINITY};
    float[] least = bench.run(pair("min.f32 %f3, %f1, 0f40000000;"), in);
    assertEquals(2f, least[0]);
    assertEquals(1f, least[1]);
    float[] kept = bench.run(pair("max.NaN.f32 %f3, %f1, 0f40000000;"), in);
    assertTrue(Float.isNaN(kept[0]));
    assertEquals(2f, kept[1]);
    float[] found =
        bench.run(
            pair(
                "setp.gtu.f32 %p1, %f1, 0f40000000; selp.f32 %f3, %f1, %f1, %p1;"
                    + " selp.f32 %f3, 0f3F800000, 0f00000000, %p1;"),
            in);
    assertEquals(1f, found[0]);
    assertEquals(0f, found[1]);
    assertEquals(1f, found[3]);
    float[] ordered =
        bench.run(
            pair("setp.ne.f32 %p1, %f1, %f1; selp.f32 %f3, 0f3F800000, 0f00000000, %p1;"), in);
    assertEquals(0f, ordered[0]);
  }

  private static String pair(String instruction) {
    return "ld.global.f32 %f1, [%rd5];\n" + instruction + "\n st.global.f32 [%rd6], %f3;";
  }

  @Test
  void doublesAreThoseOfJava() {
    Random random = new Random(3);
    long[] in = new long[256];
    for (int i = 0; i < in.length; i++) {
      in[i] = Double.doubleToRawLongBits(random.nextGaussian() * Math.exp(random.nextInt(40) - 20));
    }
    long[] out =
        bench.run(
            """
            ld.global.f64 %fd1, [%rd7];
            fma.rn.f64 %fd2, %fd1, %fd1, 0d3FF8000000000000;
            div.rn.f64 %fd3, %fd2, %fd1;
            sqrt.rn.f64 %fd4, %fd2;
            mul.f64 %fd5, %fd3, %fd4;
            sub.f64 %fd5, %fd5, %fd1;
            abs.f64 %fd5, %fd5;
            max.f64 %fd5, %fd5, 0d4000000000000000;
            rcp.rn.f64 %fd5, %fd5;
            st.global.f64 [%rd8], %fd5;
            """,
            in);
    for (int i = 0; i < in.length; i++) {
      double x = Double.longBitsToDouble(in[i]);
      double square = Math.fma(x, x, 1.5);
      double expected = 1 / Math.max(2, Math.abs(square / x * Math.sqrt(square) - x));
      assertEquals(expected, Double.longBitsToDouble(out[i]));
    }
  }

  @Test
  void bf16ArithmeticRoundsOnce() {
    float[] out =
        bench.run(
            """
            ld.global.f32 %f1, [%rd5];
            cvt.rn.bf16.f32 %rs1, %f1;
            mov.b16 %rs2, 0x3f80;
            fma.rn.bf16 %rs3, %rs1, %rs1, %rs2;
            cvt.f32.bf16 %f2, %rs3;
            st.global.f32 [%rd6], %f2;
            """,
            NUMBERS);
    for (int i = 0; i < NUMBERS.length; i++) {
      double x = brain(NUMBERS[i]);
      assertEquals(brain((float) (x * x + 1)), out[i]);
    }
  }

  private static float brain(float value) {
    BigDecimal at = Float.isInfinite(value) ? null : new BigDecimal(value);
    int bits = Float.floatToRawIntBits(value);
    float down = Float.intBitsToFloat(bits & 0xffff0000);
    float up = Float.intBitsToFloat((bits & 0xffff0000) + 0x10000);
    if (at == null || Float.isInfinite(up)) {
      return at == null || (bits & 0x8000) != 0
          ? Math.copySign(Float.POSITIVE_INFINITY, value)
          : down;
    }
    int nearer =
        at.subtract(new BigDecimal(down)).abs().compareTo(new BigDecimal(up).subtract(at).abs());
    boolean even = (bits & 0x10000) == 0;
    return nearer < 0 || (nearer == 0 && even) ? down : up;
  }
}
