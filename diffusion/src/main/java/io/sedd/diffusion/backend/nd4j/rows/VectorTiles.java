package io.sedd.diffusion.backend.nd4j.rows;

import static io.sedd.diffusion.backend.nd4j.rows.Lanes.COUNT;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.broadcast;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.load;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.store;
import static io.sedd.diffusion.backend.nd4j.rows.Memory.get;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link TileRows} with the Vector API. A panel is three vectors. */
final class VectorTiles implements TileRows {

  private static final int WIDTH = 4 * COUNT;
  private static final int PANEL = 3 * COUNT;

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
    int j = 0;
    for (; j + PANEL <= n; j += PANEL) {
      for (int i = 0; i < m; i += ROWS) {
        fourByThree(
            a + i * rowStride,
            rowStride,
            columnStride,
            b + 4L * j,
            bStride,
            c + 4L * j + i * cStride,
            cStride,
            k);
      }
    }
    for (; j + 2 * COUNT <= n; j += 2 * COUNT) {
      for (int i = 0; i < m; i += ROWS) {
        fourByTwo(
            a + i * rowStride,
            rowStride,
            columnStride,
            b + 4L * j,
            bStride,
            c + 4L * j + i * cStride,
            cStride,
            k);
      }
    }
    for (; j < n; j += COUNT) {
      for (int i = 0; i < m; i += ROWS) {
        fourByOne(
            a + i * rowStride,
            rowStride,
            columnStride,
            b + 4L * j,
            bStride,
            c + 4L * j + i * cStride,
            cStride,
            k);
      }
    }
  }

  /**
   * Twelve sums, three vectors of B and one of A: the sixteen registers of AVX2. On an EPYC 7003
   * core 82 GFLOP/s, where four by two reaches 64 and six by two 75. The strides stay variables:
   * with constant ones the compiler unrolls the loop, spills and gives 40.
   */
  private static void fourByThree(
      long a, long as, long at, long b, long bs, long c, long cs, int k) {
    long d = c + cs;
    long e = d + cs;
    long f = e + cs;
    FloatVector c00 = load(c);
    FloatVector c01 = load(c + WIDTH);
    FloatVector c02 = load(c + 2 * WIDTH);
    FloatVector c10 = load(d);
    FloatVector c11 = load(d + WIDTH);
    FloatVector c12 = load(d + 2 * WIDTH);
    FloatVector c20 = load(e);
    FloatVector c21 = load(e + WIDTH);
    FloatVector c22 = load(e + 2 * WIDTH);
    FloatVector c30 = load(f);
    FloatVector c31 = load(f + WIDTH);
    FloatVector c32 = load(f + 2 * WIDTH);
    long ap = a;
    long bp = b;
    for (int t = 0; t < k; t++) {
      FloatVector b0 = load(bp);
      FloatVector b1 = load(bp + WIDTH);
      FloatVector b2 = load(bp + 2 * WIDTH);
      FloatVector a0 = broadcast(get(ap));
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      FloatVector a1 = broadcast(get(ap + as));
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      FloatVector a2 = broadcast(get(ap + 2 * as));
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      FloatVector a3 = broadcast(get(ap + 3 * as));
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      ap += at;
      bp += bs;
    }
    store(c00, c);
    store(c01, c + WIDTH);
    store(c02, c + 2 * WIDTH);
    store(c10, d);
    store(c11, d + WIDTH);
    store(c12, d + 2 * WIDTH);
    store(c20, e);
    store(c21, e + WIDTH);
    store(c22, e + 2 * WIDTH);
    store(c30, f);
    store(c31, f + WIDTH);
    store(c32, f + 2 * WIDTH);
  }

  private static void fourByTwo(long a, long as, long at, long b, long bs, long c, long cs, int k) {
    long d = c + cs;
    long e = d + cs;
    long f = e + cs;
    FloatVector c00 = load(c);
    FloatVector c01 = load(c + WIDTH);
    FloatVector c10 = load(d);
    FloatVector c11 = load(d + WIDTH);
    FloatVector c20 = load(e);
    FloatVector c21 = load(e + WIDTH);
    FloatVector c30 = load(f);
    FloatVector c31 = load(f + WIDTH);
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
    store(c00, c);
    store(c01, c + WIDTH);
    store(c10, d);
    store(c11, d + WIDTH);
    store(c20, e);
    store(c21, e + WIDTH);
    store(c30, f);
    store(c31, f + WIDTH);
  }

  private static void fourByOne(long a, long as, long at, long b, long bs, long c, long cs, int k) {
    FloatVector c0 = load(c);
    FloatVector c1 = load(c + cs);
    FloatVector c2 = load(c + 2 * cs);
    FloatVector c3 = load(c + 3 * cs);
    long ap = a;
    long bp = b;
    for (int t = 0; t < k; t++) {
      FloatVector b0 = load(bp);
      c0 = broadcast(get(ap)).fma(b0, c0);
      c1 = broadcast(get(ap + as)).fma(b0, c1);
      c2 = broadcast(get(ap + 2 * as)).fma(b0, c2);
      c3 = broadcast(get(ap + 3 * as)).fma(b0, c3);
      ap += at;
      bp += bs;
    }
    store(c0, c);
    store(c1, c + cs);
    store(c2, c + 2 * cs);
    store(c3, c + 3 * cs);
  }

  @Override
  public boolean softmax(
      long scores, int keys, float factor, long maxima, long sums, long corrections) {
    FloatVector m0 = broadcast(Float.NEGATIVE_INFINITY);
    FloatVector m1 = m0;
    FloatVector m2 = m0;
    for (int j = 0; j < keys; j++) {
      long row = scores + 4L * PANEL * j;
      m0 = Lanes.larger(load(row), m0);
      m1 = Lanes.larger(load(row + WIDTH), m1);
      m2 = Lanes.larger(load(row + 2 * WIDTH), m2);
    }
    boolean changed = raise(m0.mul(factor), maxima, corrections);
    changed |= raise(m1.mul(factor), maxima + WIDTH, corrections + WIDTH);
    changed |= raise(m2.mul(factor), maxima + 2 * WIDTH, corrections + 2 * WIDTH);
    FloatVector n0 = load(maxima).neg();
    FloatVector n1 = load(maxima + WIDTH).neg();
    FloatVector n2 = load(maxima + 2 * WIDTH).neg();
    FloatVector s0 = broadcast(0f);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    for (int j = 0; j < keys; j++) {
      long row = scores + 4L * PANEL * j;
      FloatVector e0 = Lanes.expOfNegative(load(row).fma(broadcast(factor), n0));
      store(e0, row);
      s0 = s0.add(e0);
      FloatVector e1 = Lanes.expOfNegative(load(row + WIDTH).fma(broadcast(factor), n1));
      store(e1, row + WIDTH);
      s1 = s1.add(e1);
      FloatVector e2 = Lanes.expOfNegative(load(row + 2 * WIDTH).fma(broadcast(factor), n2));
      store(e2, row + 2 * WIDTH);
      s2 = s2.add(e2);
    }
    store(load(sums).fma(load(corrections), s0), sums);
    store(load(sums + WIDTH).fma(load(corrections + WIDTH), s1), sums + WIDTH);
    store(load(sums + 2 * WIDTH).fma(load(corrections + 2 * WIDTH), s2), sums + 2 * WIDTH);
    return changed;
  }

  private static boolean raise(FloatVector block, long maximum, long correction) {
    FloatVector before = load(maximum);
    FloatVector after = Lanes.larger(block, before);
    store(after, maximum);
    FloatVector gain = Lanes.expOfNegative(before.sub(after));
    store(gain, correction);
    return gain.compare(VectorOperators.NE, 1f).anyTrue();
  }

  @Override
  public void scaleColumns(long x, int rows, long factors) {
    FloatVector f0 = load(factors);
    FloatVector f1 = load(factors + WIDTH);
    FloatVector f2 = load(factors + 2 * WIDTH);
    for (int i = 0; i < rows; i++) {
      long row = x + 4L * PANEL * i;
      store(load(row).mul(f0), row);
      store(load(row + WIDTH).mul(f1), row + WIDTH);
      store(load(row + 2 * WIDTH).mul(f2), row + 2 * WIDTH);
    }
  }

  @Override
  public void softmaxBackward(
      long scores, long gradients, int keys, float factor, long logSums, long deltas) {
    for (int column = 0; column < PANEL; column += COUNT) {
      FloatVector minusLogSum = load(logSums + 4L * column).neg();
      FloatVector delta = load(deltas + 4L * column);
      for (int j = 0; j < keys; j++) {
        long at = 4L * (PANEL * j + column);
        FloatVector p = Lanes.exp(load(scores + at).fma(broadcast(factor), minusLogSum));
        store(p, scores + at);
        store(load(gradients + at).sub(delta).mul(p.mul(factor)), gradients + at);
      }
    }
  }
}
