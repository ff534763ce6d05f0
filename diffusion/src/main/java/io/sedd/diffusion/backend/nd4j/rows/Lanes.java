package io.sedd.diffusion.backend.nd4j.rows;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of this machine's preferred width, and what the Vector API lacks for them.
 *
 * <p>The compiler inlines the API's own methods wherever they stand, but ours only until a method
 * has some 18,000 nodes, about 45 vector operations; a vector that then goes through a call is
 * boxed. So a loop that is long calls the API itself towards its end, and two long loops are two
 * methods.
 */
final class Lanes {

  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final int COUNT = FLOATS.length();

  // constants one by one: the compiler does not see through an array of shuffles
  private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(FLOATS, 8, 1, true);
  private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(FLOATS, 4, 1, true);
  private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(FLOATS, 2, 1, true);
  private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(FLOATS, 1, 1, true);

  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** 1.5 · 2^23: adding it rounds to an integer, which then lies in the low bits. */
  private static final float ROUND = 12582912f;

  private static final float LOG2_E = 1.442695f;
  private static final float LN2 = 0.6931472f;

  // ln 2 in two parts: the first has few enough bits for exact products with exponents
  private static final float LN2_HIGH = 0.6933594f;
  private static final float LN2_LOW = -2.1219444E-4f;

  /** Below it e^x is not a normal fp32 number and 0 is given. */
  private static final float SMALLEST = -87.33654f;

  /** Above it 2^n is infinite. */
  private static final float LARGEST = 88.37626f;

  /** Bits of sqrt(1/2). */
  private static final int ROOT_OF_HALF = 0x3f3504f3;

  private Lanes() {}

  static FloatVector load(long address) {
    return FloatVector.fromMemorySegment(FLOATS, Memory.ALL, address, ORDER);
  }

  /** The first {@code n} lanes from memory, the others set to a filler. */
  static FloatVector loadFirst(long address, int n, float filler) {
    var first = FLOATS.indexInRange(0, n);
    return FloatVector.broadcast(FLOATS, filler)
        .blend(FloatVector.fromMemorySegment(FLOATS, Memory.ALL, address, ORDER, first), first);
  }

  static void store(FloatVector vector, long address) {
    vector.intoMemorySegment(Memory.ALL, address, ORDER);
  }

  static void storeFirst(FloatVector vector, long address, int n) {
    vector.intoMemorySegment(Memory.ALL, address, ORDER, FLOATS.indexInRange(0, n));
  }

  static FloatVector broadcast(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  /**
   * Sum of all lanes, by halves. {@link FloatVector#reduceLanes} adds in one order when interpreted
   * and in another when compiled; a row's result must not change while the JVM warms up.
   */
  static float sum(FloatVector v) {
    FloatVector folded = v;
    if (COUNT > 8) {
      folded = folded.add(folded.rearrange(BY_8));
    }
    if (COUNT > 4) {
      folded = folded.add(folded.rearrange(BY_4));
    }
    if (COUNT > 2) {
      folded = folded.add(folded.rearrange(BY_2));
    }
    return folded.add(folded.rearrange(BY_1)).lane(0);
  }

  /**
   * e^x: x = n ln 2 + r, |r| at most ln(2)/2, times 2^n. The polynomial has degree 6 and the least
   * largest error, 3e-9; r is taken with one fp32 of ln 2, which costs 2e-9 |n|. So the result is
   * within 1 ulp for |x| up to 20, and 3 at the ends. 0 below -87.34, infinite above 88.38, NaN
   * stays.
   */
  static FloatVector exp(FloatVector x) {
    return expOfNegative(x).blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, LARGEST));
  }

  private static FloatVector expOfNormal(FloatVector x) {
    FloatVector shifted =
        x.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUND));
    FloatVector n = shifted.sub(ROUND);
    FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -LN2), x);
    FloatVector p = FloatVector.broadcast(FLOATS, 0.00138146f);
    p = p.fma(r, FloatVector.broadcast(FLOATS, 0.0083687175f));
    p = p.fma(r, FloatVector.broadcast(FLOATS, 0.04166839f));
    p = p.fma(r, FloatVector.broadcast(FLOATS, 0.16666521f));
    p = p.fma(r, FloatVector.broadcast(FLOATS, 0.49999994f));
    p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
    p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    FloatVector power = exponent.add(0x3f800000).reinterpretAsFloats();
    return p.mul(power);
  }

  /** As {@link #exp} for x of at most 0: one comparison less. */
  static FloatVector expOfNegative(FloatVector x) {
    return expOfNormal(x).blend(0f, x.compare(VectorOperators.LT, SMALLEST));
  }

  /**
   * ln x within 2 ulp for normal x above 0: x = 2^n (1 + m), 1 + m between the roots of 1/2 and 2,
   * polynomial in m (Cephes logf).
   */
  static FloatVector log(FloatVector x) {
    IntVector bits = x.reinterpretAsInts();
    // so that the mantissa wraps at the root of 1/2
    IntVector shifted = bits.sub(ROOT_OF_HALF);
    IntVector exponent = shifted.lanewise(VectorOperators.ASHR, 23);
    FloatVector m =
        bits.sub(exponent.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1f);
    FloatVector n = (FloatVector) exponent.convert(VectorOperators.I2F, 0);
    FloatVector p = broadcast(7.0376836E-2f);
    p = p.fma(m, broadcast(-1.1514610E-1f));
    p = p.fma(m, broadcast(1.1676998E-1f));
    p = p.fma(m, broadcast(-1.2420141E-1f));
    p = p.fma(m, broadcast(1.4249323E-1f));
    p = p.fma(m, broadcast(-1.6668057E-1f));
    p = p.fma(m, broadcast(2.0000714E-1f));
    p = p.fma(m, broadcast(-2.4999994E-1f));
    p = p.fma(m, broadcast(3.3333331E-1f));
    FloatVector square = m.mul(m);
    FloatVector y = n.fma(broadcast(LN2_LOW), p.mul(m).mul(square));
    y = square.fma(broadcast(-0.5f), y);
    return n.fma(broadcast(LN2_HIGH), m.add(y));
  }

  /** The larger of each lane's two; b where they cannot be compared, so NaN in a is passed over. */
  static FloatVector larger(FloatVector a, FloatVector b) {
    return b.blend(a, a.compare(VectorOperators.GT, b));
  }

  /** The smaller of each lane's two; b where they cannot be compared. */
  static FloatVector smaller(FloatVector a, FloatVector b) {
    return b.blend(a, a.compare(VectorOperators.LT, b));
  }
}
