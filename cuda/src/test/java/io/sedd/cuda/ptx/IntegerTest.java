package io.sedd.cuda.ptx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntBinaryOperator;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.api.Test;

/** Integer instructions against Java's own arithmetic, on numbers where they differ most. */
class IntegerTest {

  private static final int[] NUMBERS = {
    0,
    1,
    -1,
    2,
    3,
    7,
    31,
    32,
    33,
    63,
    64,
    100,
    255,
    256,
    -2,
    -7,
    -100,
    0x7fff,
    0x8000,
    0xffff,
    0x10000,
    0x12345678,
    0x9abcdef0,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE
  };

  private final PtxBench bench = new PtxBench();

  /** Every number with every number: a pair a thread, as 8 bytes. */
  private static long[] pairs() {
    long[] pairs = new long[NUMBERS.length * NUMBERS.length];
    for (int i = 0; i < pairs.length; i++) {
      int a = NUMBERS[i / NUMBERS.length];
      int b = NUMBERS[i % NUMBERS.length];
      pairs[i] = (long) b << 32 | (a & 0xffff_ffffL);
    }
    return pairs;
  }

  private void check32(String instruction, IntBinaryOperator expected) {
    long[] pairs = pairs();
    long[] out =
        bench.run(
            "ld.global.v2.b32 {%r2, %r3}, [%rd7];\n mov.u32 %r4, 0;\n"
                + instruction
                + "\n st.global.v2.b32 [%rd8], {%r4, %r2};",
            pairs);
    for (int i = 0; i < pairs.length; i++) {
      int a = (int) pairs[i];
      int b = (int) (pairs[i] >> 32);
      assertEquals(expected.applyAsInt(a, b), (int) out[i], instruction + " of " + a + ", " + b);
    }
  }

  private void check64(String instruction, LongBinaryOperator expected) {
    long[] pairs = pairs();
    long[] out =
        bench.run(
            "ld.global.v2.s32 {%r2, %r3}, [%rd7];\n cvt.s64.s32 %rd10, %r2;\n"
                + " cvt.s64.s32 %rd11, %r3;\n shl.b64 %rd10, %rd10, 20;\n"
                + instruction
                + "\n st.global.b64 [%rd8], %rd12;",
            pairs);
    for (int i = 0; i < pairs.length; i++) {
      long a = (long) (int) pairs[i] << 20;
      long b = (int) (pairs[i] >> 32);
      assertEquals(expected.applyAsLong(a, b), out[i], instruction + " of " + a + ", " + b);
    }
  }

  @Test
  void arithmeticOf32Bits() {
    Map<String, IntBinaryOperator> cases = new TreeMap<>();
    cases.put("add.s32 %r4, %r2, %r3;", (a, b) -> a + b);
    cases.put("sub.s32 %r4, %r2, %r3;", (a, b) -> a - b);
    cases.put("mul.lo.s32 %r4, %r2, %r3;", (a, b) -> a * b);
    cases.put("mul.hi.s32 %r4, %r2, %r3;", (a, b) -> (int) (((long) a * b) >> 32));
    cases.put(
        "mul.hi.u32 %r4, %r2, %r3;",
        (a, b) -> (int) ((Integer.toUnsignedLong(a) * Integer.toUnsignedLong(b)) >>> 32));
    cases.put("mad.lo.s32 %r4, %r2, %r3, 77;", (a, b) -> a * b + 77);
    cases.put("div.s32 %r4, %r2, %r3;", (a, b) -> b == 0 ? -1 : a / b);
    cases.put("div.u32 %r4, %r2, %r3;", (a, b) -> b == 0 ? -1 : Integer.divideUnsigned(a, b));
    cases.put("rem.u32 %r4, %r2, %r3;", (a, b) -> b == 0 ? -1 : Integer.remainderUnsigned(a, b));
    cases.put("rem.s32 %r4, %r2, %r3;", (a, b) -> b == 0 ? -1 : a % b);
    cases.put("min.s32 %r4, %r2, %r3;", Math::min);
    cases.put("max.u32 %r4, %r2, %r3;", (a, b) -> Integer.compareUnsigned(a, b) > 0 ? a : b);
    cases.put("abs.s32 %r4, %r2;", (a, b) -> Math.abs(a));
    cases.put("neg.s32 %r4, %r2;", (a, b) -> -a);
    cases.put(
        "add.sat.s32 %r4, %r2, %r3;",
        (a, b) -> (int) Math.clamp((long) a + b, Integer.MIN_VALUE, Integer.MAX_VALUE));
    cases.put("sub.s32 %r4, %r2, %r3; min.u32 %r4, %r4, 5;", IntegerTest::smallDifference);
    cases.forEach(this::check32);
  }

  private static int smallDifference(int a, int b) {
    return Integer.compareUnsigned(a - b, 5) < 0 ? a - b : 5;
  }

  @Test
  void bitsOf32() {
    Map<String, IntBinaryOperator> cases = new TreeMap<>();
    cases.put("and.b32 %r4, %r2, %r3;", (a, b) -> a & b);
    cases.put("or.b32 %r4, %r2, %r3;", (a, b) -> a | b);
    cases.put("xor.b32 %r4, %r2, %r3;", (a, b) -> a ^ b);
    cases.put("not.b32 %r4, %r2;", (a, b) -> ~a);
    cases.put("shl.b32 %r4, %r2, %r3;", (a, b) -> Integer.compareUnsigned(b, 31) > 0 ? 0 : a << b);
    cases.put("shr.u32 %r4, %r2, %r3;", (a, b) -> Integer.compareUnsigned(b, 31) > 0 ? 0 : a >>> b);
    cases.put(
        "shr.s32 %r4, %r2, %r3;", (a, b) -> a >> (Integer.compareUnsigned(b, 31) > 0 ? 31 : b));
    cases.put("shf.l.wrap.b32 %r4, %r2, %r3, 7;", (a, b) -> b << 7 | a >>> 25);
    cases.put("shf.r.wrap.b32 %r4, %r2, %r2, %r3;", (a, b) -> Integer.rotateRight(a, b & 31));
    cases.put("popc.b32 %r4, %r2;", (a, b) -> Integer.bitCount(a));
    cases.put("clz.b32 %r4, %r2;", (a, b) -> Integer.numberOfLeadingZeros(a));
    cases.put("brev.b32 %r4, %r2;", (a, b) -> Integer.reverse(a));
    cases.put("bfind.u32 %r4, %r2;", (a, b) -> 31 - Integer.numberOfLeadingZeros(a));
    cases.put("bfe.u32 %r4, %r2, 5, 9;", (a, b) -> a >>> 5 & 511);
    cases.put("bfe.s32 %r4, %r2, 5, 9;", (a, b) -> a << 18 >> 23);
    cases.put("bfi.b32 %r4, %r2, %r3, 4, 8;", (a, b) -> (b & ~0xff0) | (a << 4 & 0xff0));
    cases.put("prmt.b32 %r4, %r2, %r3, 0x5410;", (a, b) -> (a & 0xffff) | b << 16);
    cases.put("prmt.b32 %r4, %r2, %r3, 0x3210;", (a, b) -> a);
    cases.put("prmt.b32 %r4, %r2, %r3, 0x888f;", IntegerTest::signs);
    cases.put("lop3.b32 %r4, %r2, %r3, 0x0f0f0f0f, 0x96;", (a, b) -> a ^ b ^ 0x0f0f0f0f);
    cases.put("lop3.b32 %r4, %r2, %r3, 255, 0xca;", (a, b) -> (a & b) | (~a & 255));
    cases.put("setp.lt.u32 %p1, %r2, %r3; selp.b32 %r4, 9, 4, %p1;", IntegerTest::lower);
    cases.put("setp.le.s32 %p1, %r2, %r3; selp.b32 %r4, 9, 4, %p1;", (a, b) -> a <= b ? 9 : 4);
    cases.put(
        "setp.ne.and.s32 %p1|%p2, %r2, %r3, 1; selp.b32 %r4, 9, 4, %p2;", (a, b) -> a == b ? 9 : 4);
    cases.put("slct.b32.s32 %r4, %r2, 5, %r3;", (a, b) -> b >= 0 ? a : 5);
    cases.put("set.gt.u32.s32 %r4, %r2, %r3;", (a, b) -> a > b ? -1 : 0);
    cases.forEach(this::check32);
  }

  private static int lower(int a, int b) {
    return Integer.compareUnsigned(a, b) < 0 ? 9 : 4;
  }

  /** Selector 0x888f: the sign of b's last byte, then three times that of a's first. */
  private static int signs(int a, int b) {
    return (b < 0 ? 0xff : 0) | ((byte) a < 0 ? 0xffffff00 : 0);
  }

  @Test
  void arithmeticOf16Bits() {
    String halves = "cvt.u16.u32 %rs1, %r2; cvt.u16.u32 %rs2, %r3; ";
    Map<String, IntBinaryOperator> cases = new TreeMap<>();
    cases.put("add.s16 %rs3, %rs1, %rs2; cvt.s32.s16 %r4, %rs3;", (a, b) -> (short) (a + b));
    cases.put("mul.lo.s16 %rs3, %rs1, %rs2; cvt.u32.u16 %r4, %rs3;", (a, b) -> a * b & 0xffff);
    cases.put("mul.wide.s16 %r4, %rs1, %rs2;", (a, b) -> (short) a * (short) b);
    cases.put("mul.wide.u16 %r4, %rs1, %rs2;", (a, b) -> (a & 0xffff) * (b & 0xffff));
    cases.put("shr.s16 %rs3, %rs1, 3; cvt.s32.s16 %r4, %rs3;", (a, b) -> (short) a >> 3);
    cases.put("min.s16 %rs3, %rs1, %rs2; cvt.s32.s16 %r4, %rs3;", IntegerTest::least16);
    cases.put("setp.lt.s16 %p1, %rs1, %rs2; selp.u32 %r4, 1, 0, %p1;", IntegerTest::below16);
    cases.forEach((text, expected) -> check32(halves + text, expected));
  }

  private static int least16(int a, int b) {
    return Math.min((short) a, (short) b);
  }

  private static int below16(int a, int b) {
    return (short) a < (short) b ? 1 : 0;
  }

  @Test
  void arithmeticOf64Bits() {
    Map<String, LongBinaryOperator> cases = new TreeMap<>();
    cases.put("add.s64 %rd12, %rd10, %rd11;", (a, b) -> a + b);
    cases.put("sub.s64 %rd12, %rd10, %rd11;", (a, b) -> a - b);
    cases.put("mul.lo.s64 %rd12, %rd10, %rd11;", (a, b) -> a * b);
    cases.put("mul.hi.s64 %rd12, %rd10, %rd11;", Math::multiplyHigh);
    cases.put("mul.hi.u64 %rd12, %rd10, %rd11;", Math::unsignedMultiplyHigh);
    cases.put("mad.lo.s64 %rd12, %rd10, %rd11, %rd10;", (a, b) -> a * b + a);
    cases.put("div.s64 %rd12, %rd10, %rd11;", (a, b) -> b == 0 ? -1 : a / b);
    cases.put("rem.u64 %rd12, %rd10, %rd11;", IntegerTest::unsignedRest);
    cases.put("min.u64 %rd12, %rd10, %rd11;", IntegerTest::unsignedLeast);
    cases.put("and.b64 %rd12, %rd10, %rd11;", (a, b) -> a & b);
    cases.put("shr.s64 %rd12, %rd10, 5;", (a, b) -> a >> 5);
    cases.put("shr.u64 %rd12, %rd10, 5;", (a, b) -> a >>> 5);
    cases.put("shl.b64 %rd12, %rd10, 64;", (a, b) -> 0);
    cases.put("mul.wide.s32 %rd12, %r2, %r3;", (a, b) -> (a >> 20) * b);
    cases.put("mul.wide.u32 %rd12, %r2, %r3;", (a, b) -> low(a >> 20) * low(b));
    cases.put("mad.wide.s32 %rd12, %r2, %r3, %rd10;", (a, b) -> (a >> 20) * b + a);
    cases.put("popc.b64 %r4, %rd10; cvt.u64.u32 %rd12, %r4;", (a, b) -> Long.bitCount(a));
    cases.put("clz.b64 %r4, %rd10; cvt.u64.u32 %rd12, %r4;", IntegerTest::zeros);
    cases.put("bfe.u64 %rd12, %rd10, 18, 30;", (a, b) -> a >>> 18 & (1L << 30) - 1);
    cases.put("setp.gt.u64 %p1, %rd10, %rd11; selp.b64 %rd12, 1, 0, %p1;", IntegerTest::above);
    cases.put("mov.b64 {%r4, %r5}, %rd10; mov.b64 %rd12, {%r5, %r4};", IntegerTest::swapped);
    cases.forEach(this::check64);
  }

  private static long low(long value) {
    return value & 0xffff_ffffL;
  }

  private static long unsignedRest(long a, long b) {
    return b == 0 ? -1 : Long.remainderUnsigned(a, b);
  }

  private static long unsignedLeast(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }

  private static long zeros(long a, long b) {
    return Long.numberOfLeadingZeros(a);
  }

  private static long above(long a, long b) {
    return Long.compareUnsigned(a, b) > 0 ? 1 : 0;
  }

  private static long swapped(long a, long b) {
    return Long.rotateLeft(a, 32);
  }

  @Test
  void carriesMakeSumsOf64BitsOutOf32() {
    String halves = "mov.b64 {%r4, %r5}, %rd10; mov.b64 {%r6, %r7}, %rd11; ";
    String back = " mov.b64 %rd12, {%r8, %r9};";
    check64(halves + "add.cc.u32 %r8, %r4, %r6; addc.u32 %r9, %r5, %r7;" + back, (a, b) -> a + b);
    check64(halves + "sub.cc.u32 %r8, %r4, %r6; subc.u32 %r9, %r5, %r7;" + back, (a, b) -> a - b);
    check64(
        halves
            + "mul.lo.u32 %r8, %r4, %r6; mul.hi.u32 %r9, %r4, %r6;"
            + " mad.lo.cc.u32 %r8, %r4, 3, %r8; madc.hi.u32 %r9, %r4, 3, %r9;"
            + back,
        (a, b) -> low(a) * low(b) + 3 * low(a));
  }
}
