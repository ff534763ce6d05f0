package io.sedd.diffusion.backend.nd4j.rows;

import static io.sedd.diffusion.backend.nd4j.rows.Memory.get;
import static io.sedd.diffusion.backend.nd4j.rows.Memory.set;

/** {@link TileRows} in plain Java. */
final class ScalarTiles implements TileRows {

  private static final int PANEL = 16;

  @Override
  public int panel() {
    return PANEL;
  }

  @Override
  public void addProduct(
      long a,
      long rowStride,
      long columnStride,
      long b,
      long bStride,
      long c,
      long cStride,
      int m,
      int n,
      int k) {
    for (int i = 0; i < m; i++) {
      long cRow = c + i * cStride;
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
  public boolean softmax(
      long scores, int keys, float factor, long maxima, long sums, long corrections) {
    boolean changed = false;
    for (int i = 0; i < PANEL; i++) {
      long column = scores + 4L * i;
      float before = get(maxima + 4L * i);
      float largest = before;
      for (int j = 0; j < keys; j++) {
        largest = Math.max(largest, factor * get(column + 4L * PANEL * j));
      }
      float sum = 0;
      for (int j = 0; j < keys; j++) {
        long at = column + 4L * PANEL * j;
        float e = (float) Math.exp(factor * get(at) - largest);
        set(at, e);
        sum += e;
      }
      float correction = (float) Math.exp(before - largest);
      set(maxima + 4L * i, largest);
      set(sums + 4L * i, get(sums + 4L * i) * correction + sum);
      set(corrections + 4L * i, correction);
      changed |= correction != 1;
    }
    return changed;
  }

  @Override
  public void transpose(
      long source, long sourceStride, long target, long targetStride, int m, int n) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        set(target + j * targetStride + 4L * i, get(source + i * sourceStride + 4L * j));
      }
    }
  }

  @Override
  public void scaleColumns(long x, int rows, long factors) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < PANEL; j++) {
        long at = x + 4L * (PANEL * i + j);
        set(at, get(at) * get(factors + 4L * j));
      }
    }
  }

  @Override
  public void softmaxBackward(
      long scores, long gradients, int keys, float factor, long logSums, long deltas) {
    for (int j = 0; j < keys; j++) {
      for (int i = 0; i < PANEL; i++) {
        long at = 4L * (PANEL * j + i);
        float p = (float) Math.exp(factor * get(scores + at) - get(logSums + 4L * i));
        set(scores + at, p);
        set(gradients + at, p * (get(gradients + at) - get(deltas + 4L * i)) * factor);
      }
    }
  }
}
