package io.sedd.cuda.ptx.operation;

import static io.sedd.cuda.ptx.operation.LaneFunction.bits;
import static io.sedd.cuda.ptx.operation.LaneFunction.float32;
import static io.sedd.cuda.ptx.operation.LaneFunction.float64;

/**
 * Functions that a card approximates. Here they are rounded from the exact value, which is within
 * what PTX allows for each; {@code tanh.approx}, whose error of 2^-11 is far above fp32's, is cut
 * to as many bits, so that nothing passes here that rests on more.
 */
final class Approximations {

  private static final double LN2 = Math.log(2);

  private Approximations() {}

  static LaneFunction of32(Decoder d) {
    d.take("approx");
    Rounding rounding = Rounding.take(d);
    if (rounding != Rounding.NEAREST) {
      throw d.error("the emulator rounds this to nearest only");
    }
    return switch (d.name()) {
      case "rcp" -> (a, b, c) -> bits(1f / float32(a));
      case "sqrt" -> (a, b, c) -> bits((float) Math.sqrt(float32(a)));
      case "rsqrt" -> (a, b, c) -> bits((float) (1 / Math.sqrt(float32(a))));
      case "sin" -> (a, b, c) -> bits((float) Math.sin(float32(a)));
      case "cos" -> (a, b, c) -> bits((float) Math.cos(float32(a)));
      case "lg2" -> (a, b, c) -> bits((float) (Math.log(float32(a)) / LN2));
      case "ex2" -> (a, b, c) -> bits(power(float32(a)));
      case "tanh" -> (a, b, c) -> bits(coarse((float) Math.tanh(float32(a))));
      default -> throw d.error("the emulator does not know this instruction on fp32");
    };
  }

  static LaneFunction of64(Decoder d) {
    boolean approximate = d.take("approx");
    if (approximate) {
      d.take("ftz");
    }
    if (Rounding.take(d) != Rounding.NEAREST) {
      throw d.error("the emulator rounds this to nearest only");
    }
    // the approximations give the high half of a double
    long mask = approximate ? 0xffff_ffff_0000_0000L : -1;
    return switch (d.name()) {
      case "rcp" -> (a, b, c) -> bits(1 / float64(a)) & mask;
      case "sqrt" -> (a, b, c) -> bits(Math.sqrt(float64(a)));
      case "rsqrt" -> (a, b, c) -> bits(1 / Math.sqrt(float64(a))) & mask;
      default -> throw d.error("the emulator does not know this instruction on fp64");
    };
  }

  /** 2 to the power of x. */
  static float power(float x) {
    float whole = (float) Math.rint(x);
    if (whole == x && Math.abs(x) < 127) {
      return Math.scalb(1f, (int) x);
    }
    return (float) Math.exp(x * LN2);
  }

  private static float coarse(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat(bits + 0x1000 & ~0x1fff);
  }
}
