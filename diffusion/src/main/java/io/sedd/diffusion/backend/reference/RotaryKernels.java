package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.RowLayout;

/**
 * Rotary position encoding (arXiv 2104.09864) on the halves of each head of q and k, in place; qkv
 * [R, 3h]. The gradient is the rotation by the opposite angle.
 */
final class RotaryKernels {

  private static final double BASE = 10_000;

  private RotaryKernels() {}

  static void rotate(ArrayTensor qkv, int heads, RowLayout layout) {
    rotate(qkv, heads, layout, 1);
  }

  static void rotateBackward(ArrayTensor dqkv, int heads, RowLayout layout) {
    rotate(dqkv, heads, layout, -1);
  }

  /** (a, b) becomes (a cos - b sin, b cos + a sin), angle = sign · position · 10000^(-2j/d). */
  private static void rotate(ArrayTensor qkv, int heads, RowLayout layout, int sign) {
    int d = qkv.columns / 3 / heads;
    int half = d / 2;
    for (int r = 0; r < qkv.rows; r++) {
      for (int j = 0; j < half; j++) {
        double angle = sign * layout.positionOf(r) * Math.pow(BASE, -2.0 * j / d);
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        // the heads of q, then those of k, lie side by side
        for (int head = 0; head < 2 * heads; head++) {
          int at = qkv.row(r) + head * d + j;
          double a = qkv.data[at];
          double b = qkv.data[at + half];
          qkv.data[at] = (float) (a * cos - b * sin);
          qkv.data[at + half] = (float) (b * cos + a * sin);
        }
      }
    }
  }
}
