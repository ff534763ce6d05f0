package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.WarpOperation;

/** Loops over lanes for fp32 arithmetic, rounded to nearest, subnormal numbers kept. */
final class FloatLoops {

  private FloatLoops() {}

  /** {@code d, a, b, c}: lane 0 of 32-bit registers. Null if the instruction has no loop here. */
  static WarpOperation of32(String name, int d, int a, int b, int c) {
    return switch (name) {
      case "add" ->
          (warp, lanes) -> {
            int[] r = warp.ints;
            for (int m = lanes; m != 0; m &= m - 1) {
              int l = Integer.numberOfTrailingZeros(m);
              r[d + l] = bits(value(r[a + l]) + value(r[b + l]));
            }
          };
      case "sub" ->
          (warp, lanes) -> {
            int[] r = warp.ints;
            for (int m = lanes; m != 0; m &= m - 1) {
              int l = Integer.numberOfTrailingZeros(m);
              r[d + l] = bits(value(r[a + l]) - value(r[b + l]));
            }
          };
      case "mul" ->
          (warp, lanes) -> {
            int[] r = warp.ints;
            for (int m = lanes; m != 0; m &= m - 1) {
              int l = Integer.numberOfTrailingZeros(m);
              r[d + l] = bits(value(r[a + l]) * value(r[b + l]));
            }
          };
      case "fma", "mad" ->
          (warp, lanes) -> {
            int[] r = warp.ints;
            for (int m = lanes; m != 0; m &= m - 1) {
              int l = Integer.numberOfTrailingZeros(m);
              r[d + l] = bits(Math.fma(value(r[a + l]), value(r[b + l]), value(r[c + l])));
            }
          };
      default -> null;
    };
  }

  private static float value(int bits) {
    return Float.intBitsToFloat(bits);
  }

  private static int bits(float value) {
    return Float.floatToRawIntBits(value);
  }
}
