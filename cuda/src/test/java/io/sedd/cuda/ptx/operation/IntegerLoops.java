package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.WarpOperation;

/** Loops over lanes for the integer instructions of which kernels run the most. */
final class IntegerLoops {

  private IntegerLoops() {}

  /** {@code d, a, b, c}: lane 0 of 32-bit registers. Null if the instruction has no loop here. */
  static WarpOperation of32(String name, int d, int a, int b, int c) {
    return switch (name) {
      case "add" ->
          (warp, lanes) -> {
            int[] r = warp.ints;
            for (int m = lanes; m != 0; m &= m - 1) {
              int l = Integer.numberOfTrailingZeros(m);
              r[d + l] = r[a + l] + r[b + l];
            }
          };
      case "sub" ->
          (warp, lanes) -> {
            int[] r = warp.ints;
            for (int m = lanes; m != 0; m &= m - 1) {
              int l = Integer.numberOfTrailingZeros(m);
              r[d + l] = r[a + l] - r[b + l];
            }
          };
      case "mul" ->
          (warp, lanes) -> {
            int[] r = warp.ints;
            for (int m = lanes; m != 0; m &= m - 1) {
              int l = Integer.numberOfTrailingZeros(m);
              r[d + l] = r[a + l] * r[b + l];
            }
          };
      case "mad" ->
          (warp, lanes) -> {
            int[] r = warp.ints;
            for (int m = lanes; m != 0; m &= m - 1) {
              int l = Integer.numberOfTrailingZeros(m);
              r[d + l] = r[a + l] * r[b + l] + r[c + l];
            }
          };
      case "and" ->
          (warp, lanes) -> {
            int[] r = warp.ints;
            for (int m = lanes; m != 0; m &= m - 1) {
              int l = Integer.numberOfTrailingZeros(m);
              r[d + l] = r[a + l] & r[b + l];
            }
          };
      case "or" ->
          (warp, lanes) -> {
            int[] r = warp.ints;
            for (int m = lanes; m != 0; m &= m - 1) {
              int l = Integer.numberOfTrailingZeros(m);
              r[d + l] = r[a + l] | r[b + l];
            }
          };
      case "xor" ->
          (warp, lanes) -> {
            int[] r = warp.ints;
            for (int m = lanes; m != 0; m &= m - 1) {
              int l = Integer.numberOfTrailingZeros(m);
              r[d + l] = r[a + l] ^ r[b + l];
            }
          };
      default -> null;
    };
  }

  /** The same for 64-bit registers. */
  static WarpOperation of64(String name, int d, int a, int b, int c) {
    return switch (name) {
      case "add" ->
          (warp, lanes) -> {
            long[] r = warp.longs;
            for (int m = lanes; m != 0; m &= m - 1) {
              int l = Integer.numberOfTrailingZeros(m);
              r[d + l] = r[a + l] + r[b + l];
            }
          };
      case "sub" ->
          (warp, lanes) -> {
            long[] r = warp.longs;
            for (int m = lanes; m != 0; m &= m - 1) {
              int l = Integer.numberOfTrailingZeros(m);
              r[d + l] = r[a + l] - r[b + l];
            }
          };
      case "mul" ->
          (warp, lanes) -> {
            long[] r = warp.longs;
            for (int m = lanes; m != 0; m &= m - 1) {
              int l = Integer.numberOfTrailingZeros(m);
              r[d + l] = r[a + l] * r[b + l];
            }
          };
      case "mad" ->
          (warp, lanes) -> {
            long[] r = warp.longs;
            for (int m = lanes; m != 0; m &= m - 1) {
              int l = Integer.numberOfTrailingZeros(m);
              r[d + l] = r[a + l] * r[b + l] + r[c + l];
            }
          };
      default -> null;
    };
  }

  /** {@code mul.wide} and, with a {@code c} of at least 0, {@code mad.wide} of 32-bit factors. */
  static WarpOperation wide(boolean signed, int d, int a, int b, int c) {
    long mask = signed ? -1 : 0xffff_ffffL;
    if (c < 0) {
      return (warp, lanes) -> {
        int[] r = warp.ints;
        long[] w = warp.longs;
        for (int m = lanes; m != 0; m &= m - 1) {
          int l = Integer.numberOfTrailingZeros(m);
          w[d + l] = (r[a + l] & mask) * (r[b + l] & mask);
        }
      };
    }
    return (warp, lanes) -> {
      int[] r = warp.ints;
      long[] w = warp.longs;
      for (int m = lanes; m != 0; m &= m - 1) {
        int l = Integer.numberOfTrailingZeros(m);
        w[d + l] = (r[a + l] & mask) * (r[b + l] & mask) + w[c + l];
      }
    };
  }
}
