package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.WarpOperation;

/**
 * What an instruction does in one lane, on bits that are extended to 64. For instructions of which
 * a kernel runs few; those of which it runs many have loops of their own.
 */
@FunctionalInterface
interface LaneFunction {

  long of(long a, long b, long c);

  /** One source. */
  static WarpOperation one(Target target, Source a, LaneFunction function) {
    return (warp, lanes) -> {
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        target.set(warp, lane, function.of(a.get(warp, lane), 0, 0));
      }
    };
  }

  /** Two sources. */
  static WarpOperation two(Target target, Source a, Source b, LaneFunction function) {
    return (warp, lanes) -> {
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        target.set(warp, lane, function.of(a.get(warp, lane), b.get(warp, lane), 0));
      }
    };
  }

  /** Three sources. */
  static WarpOperation three(Target target, Source a, Source b, Source c, LaneFunction function) {
    return (warp, lanes) -> {
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        target.set(
            warp, lane, function.of(a.get(warp, lane), b.get(warp, lane), c.get(warp, lane)));
      }
    };
  }

  static float float32(long bits) {
    return Float.intBitsToFloat((int) bits);
  }

  static long bits(float value) {
    return Float.floatToRawIntBits(value) & 0xffff_ffffL;
  }

  static double float64(long bits) {
    return Double.longBitsToDouble(bits);
  }

  static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }
}
