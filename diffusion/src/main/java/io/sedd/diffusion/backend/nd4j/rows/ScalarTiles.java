package io.sedd.diffusion.backend.nd4j.rows;

import static io.sedd.diffusion.backend.nd4j.rows.Memory.get;
import static io.sedd.diffusion.backend.nd4j.rows.Memory.set;

/** {@link TileRows} in plain Java. */
final class ScalarTiles implements TileRows {

  @Override
  public void multiply(
      long a,
      long rowStride,
      long columnStride,
      long b,
      long bStride,
      long c,
      long cStride,
      int m,
      int n,
      int k,
      boolean accumulate) {
    for (int i = 0; i < m; i++) {
      long cRow = c + i * cStride;
      if (!accumulate) {
        Memory.clear(cRow, n);
      }
      for (int t = 0; t < k; t++) {
        float factor = get(a + i * rowStride + t * columnStride);
        long bRow = b + t * bStride;
        for (int j = 0; j < n; j++) {
          set(cRow + 4L * j, get(cRow + 4L * j) + factor * get(bRow + 4L * j));
        }
      }
    }
  }

  @Override
  public float maximum(long x, int n) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, get(x + 4L * i));
    }
    return largest;
  }

  @Override
  public float exponentials(long x, float factor, float shift, int n) {
    float sum = 0;
    for (int i = 0; i < n; i++) {
      float e = (float) Math.exp(get(x + 4L * i) * factor - shift);
      set(x + 4L * i, e);
      sum += e;
    }
    return sum;
  }

  @Override
  public void softmaxBackward(long p, long dp, float delta, float factor, int n) {
    for (int i = 0; i < n; i++) {
      long at = 4L * i;
      set(dp + at, get(p + at) * (get(dp + at) - delta) * factor);
    }
  }
}
