package io.sedd.diffusion.backend.nd4j.rows;

import static io.sedd.diffusion.backend.nd4j.rows.Memory.get;
import static io.sedd.diffusion.backend.nd4j.rows.Memory.set;

/** {@link ActivationRows} in plain Java. */
final class ScalarActivations implements ActivationRows {

  @Override
  public void gelu(long u, long y, int n) {
    for (int i = 0; i < n; i++) {
      float v = get(u + 4L * i);
      set(y + 4L * i, v / (1 + exp(-TWICE_ROOT * v * (1 + CUBIC * v * v))));
    }
  }

  @Override
  public void geluBackward(long u, long dy, int n) {
    for (int i = 0; i < n; i++) {
      float v = get(u + 4L * i);
      float e = exp(-TWICE_ROOT * v * (1 + CUBIC * v * v));
      float gate = 1 / (1 + e);
      float inner = TWICE_ROOT * (1 + 3 * CUBIC * v * v);
      set(dy + 4L * i, get(dy + 4L * i) * gate * (1 + v * (e * gate) * inner));
    }
  }

  @Override
  public void silu(long u, long y, int n) {
    for (int i = 0; i < n; i++) {
      float v = get(u + 4L * i);
      set(y + 4L * i, v / (1 + exp(-v)));
    }
  }

  @Override
  public void siluBackward(long u, long dy, int n) {
    for (int i = 0; i < n; i++) {
      float v = get(u + 4L * i);
      float e = exp(-v);
      float gate = 1 / (1 + e);
      set(dy + 4L * i, get(dy + 4L * i) * gate * (1 + v * (e * gate)));
    }
  }

  @Override
  public void rotate(long x, int heads, int half, long cos, long sin, float direction) {
    for (int head = 0; head < heads; head++) {
      long a = x + 8L * half * head;
      long b = a + 4L * half;
      for (int j = 0; j < half; j++) {
        float c = get(cos + 4L * j);
        float s = direction * get(sin + 4L * j);
        float first = get(a + 4L * j);
        float second = get(b + 4L * j);
        set(a + 4L * j, first * c - second * s);
        set(b + 4L * j, second * c + first * s);
      }
    }
  }

  private static float exp(float x) {
    return (float) Math.exp(Math.min(x, LARGEST));
  }
}
