package io.sedd.diffusion.backend.nd4j.rows;

import static io.sedd.diffusion.backend.nd4j.rows.Lanes.COUNT;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.broadcast;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.load;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.store;
import static io.sedd.diffusion.backend.nd4j.rows.Memory.get;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link TileRows} with the Vector API. */
final class VectorTiles implements TileRows {

  private static final int WIDTH = 4 * COUNT;

  /** Four rows by two vectors of C at a time stay in registers. */
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
    int j = 0;
    for (; j + 2 * COUNT <= n; j += 2 * COUNT) {
      long bj = b + 4L * j;
      long cj = c + 4L * j;
      int i = 0;
      for (; i + 4 <= m; i += 4) {
        long ai = a + i * rowStride;
        fourByTwo(
            ai, rowStride, columnStride, bj, bStride, cj + i * cStride, cStride, k, accumulate);
      }
      for (; i < m; i++) {
        long ai = a + i * rowStride;
        oneByOne(ai, columnStride, bj, bStride, cj + i * cStride, k, accumulate);
        oneByOne(ai, columnStride, bj + WIDTH, bStride, cj + WIDTH + i * cStride, k, accumulate);
      }
    }
    for (; j < n; j += COUNT) {
      long bj = b + 4L * j;
      long cj = c + 4L * j;
      int i = 0;
      for (; i + 4 <= m; i += 4) {
        long ai = a + i * rowStride;
        fourByOne(
            ai, rowStride, columnStride, bj, bStride, cj + i * cStride, cStride, k, accumulate);
      }
      for (; i < m; i++) {
        oneByOne(a + i * rowStride, columnStride, bj, bStride, cj + i * cStride, k, accumulate);
      }
    }
  }

  private static void fourByTwo(
      long a, long as, long at, long b, long bs, long c, long cs, int k, boolean accumulate) {
    FloatVector c00 = broadcast(0f);
    FloatVector c01 = broadcast(0f);
    FloatVector c10 = broadcast(0f);
    FloatVector c11 = broadcast(0f);
    FloatVector c20 = broadcast(0f);
    FloatVector c21 = broadcast(0f);
    FloatVector c30 = broadcast(0f);
    FloatVector c31 = broadcast(0f);
    long ap = a;
    long bp = b;
    for (int t = 0; t < k; t++) {
      FloatVector b0 = load(bp);
      FloatVector b1 = load(bp + WIDTH);
      FloatVector a0 = broadcast(get(ap));
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = broadcast(get(ap + as));
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      FloatVector a2 = broadcast(get(ap + 2 * as));
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      FloatVector a3 = broadcast(get(ap + 3 * as));
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      ap += at;
      bp += bs;
    }
    finish(c00, c, accumulate);
    finish(c01, c + WIDTH, accumulate);
    finish(c10, c + cs, accumulate);
    finish(c11, c + cs + WIDTH, accumulate);
    finish(c20, c + 2 * cs, accumulate);
    finish(c21, c + 2 * cs + WIDTH, accumulate);
    finish(c30, c + 3 * cs, accumulate);
    finish(c31, c + 3 * cs + WIDTH, accumulate);
  }

  private static void fourByOne(
      long a, long as, long at, long b, long bs, long c, long cs, int k, boolean accumulate) {
    FloatVector c0 = broadcast(0f);
    FloatVector c1 = broadcast(0f);
    FloatVector c2 = broadcast(0f);
    FloatVector c3 = broadcast(0f);
    for (int t = 0; t < k; t++) {
      long ap = a + t * at;
      FloatVector b0 = load(b + t * bs);
      c0 = broadcast(get(ap)).fma(b0, c0);
      c1 = broadcast(get(ap + as)).fma(b0, c1);
      c2 = broadcast(get(ap + 2 * as)).fma(b0, c2);
      c3 = broadcast(get(ap + 3 * as)).fma(b0, c3);
    }
    finish(c0, c, accumulate);
    finish(c1, c + cs, accumulate);
    finish(c2, c + 2 * cs, accumulate);
    finish(c3, c + 3 * cs, accumulate);
  }

  private static void oneByOne(
      long a, long at, long b, long bs, long c, int k, boolean accumulate) {
    FloatVector c0 = broadcast(0f);
    for (int t = 0; t < k; t++) {
      c0 = broadcast(get(a + t * at)).fma(load(b + t * bs), c0);
    }
    finish(c0, c, accumulate);
  }

  private static void finish(FloatVector sum, long c, boolean accumulate) {
    if (accumulate) {
      store(load(c).add(sum), c);
    } else {
      store(sum, c);
    }
  }

  @Override
  public float maximum(long x, int n) {
    FloatVector largest = broadcast(Float.NEGATIVE_INFINITY);
    for (int i = 0; i < n; i += COUNT) {
      largest = largest.max(load(x + 4L * i));
    }
    return largest.reduceLanes(VectorOperators.MAX);
  }

  @Override
  public float exponentials(long x, float factor, float shift, int n) {
    FloatVector sum = broadcast(0f);
    FloatVector minusShift = broadcast(-shift);
    for (int i = 0; i < n; i += COUNT) {
      FloatVector e = Lanes.exp(load(x + 4L * i).fma(broadcast(factor), minusShift));
      store(e, x + 4L * i);
      sum = sum.add(e);
    }
    return Lanes.sum(sum);
  }

  @Override
  public void softmaxBackward(long p, long dp, float delta, float factor, int n) {
    for (int i = 0; i < n; i += COUNT) {
      long at = 4L * i;
      store(load(p + at).mul(load(dp + at).sub(delta)).mul(factor), dp + at);
    }
  }
}
