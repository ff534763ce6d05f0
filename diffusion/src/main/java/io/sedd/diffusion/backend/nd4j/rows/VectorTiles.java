package io.sedd.diffusion.backend.nd4j.rows;

import static io.sedd.diffusion.backend.nd4j.rows.Lanes.COUNT;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.FLOATS;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.ORDER;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.broadcast;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.load;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.store;
import static io.sedd.diffusion.backend.nd4j.rows.Memory.get;

import jdk.incubator.vector.FloatVector;

/**
 * {@link TileRows} with the Vector API. A panel is four vectors where there are 32 registers
 * (AVX-512), and three where there are 16.
 */
final class VectorTiles implements TileRows {

  private static final int WIDTH = 4 * COUNT;
  private static final int VECTORS = COUNT < 16 ? 3 : 4;
  private static final int PANEL = VECTORS * COUNT;

  private final ScalarTiles rest = new ScalarTiles();

  private final SoftmaxPass[] softmax = {
    VectorTiles::largest, VectorTiles::raise, VectorTiles::exponentials
  };

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
    for (; VECTORS == 4 && j + PANEL <= n; j += PANEL) {
      for (int i = 0; i < m; i += ROWS) {
        fourByFour(
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
    for (; j + 3 * COUNT <= n; j += 3 * COUNT) {
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
   * Sixteen sums, four vectors of B and one of A, of the 32 registers of AVX-512; a head of 64
   * columns is one such tile. All vectors go through the API's own methods, for what is said of
   * {@link #fourByThree}.
   */
  private static void fourByFour(
      long a, long as, long at, long b, long bs, long c, long cs, int k) {
    long d = c + cs;
    long e = d + cs;
    long f = e + cs;
    FloatVector c00 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, c, ORDER);
    FloatVector c01 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, c + WIDTH, ORDER);
    FloatVector c02 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, c + 2L * WIDTH, ORDER);
    FloatVector c03 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, c + 3L * WIDTH, ORDER);
    FloatVector c10 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, d, ORDER);
    FloatVector c11 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, d + WIDTH, ORDER);
    FloatVector c12 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, d + 2L * WIDTH, ORDER);
    FloatVector c13 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, d + 3L * WIDTH, ORDER);
    FloatVector c20 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, e, ORDER);
    FloatVector c21 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, e + WIDTH, ORDER);
    FloatVector c22 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, e + 2L * WIDTH, ORDER);
    FloatVector c23 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, e + 3L * WIDTH, ORDER);
    FloatVector c30 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, f, ORDER);
    FloatVector c31 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, f + WIDTH, ORDER);
    FloatVector c32 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, f + 2L * WIDTH, ORDER);
    FloatVector c33 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, f + 3L * WIDTH, ORDER);
    long ap = a;
    long bp = b;
    for (int t = 0; t < k; t++) {
      FloatVector b0 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, bp, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, bp + WIDTH, ORDER);
      FloatVector b2 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, bp + 2L * WIDTH, ORDER);
      FloatVector b3 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, bp + 3L * WIDTH, ORDER);
      FloatVector a0 = FloatVector.broadcast(FLOATS, get(ap));
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      FloatVector a1 = FloatVector.broadcast(FLOATS, get(ap + as));
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      FloatVector a2 = FloatVector.broadcast(FLOATS, get(ap + 2 * as));
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
      FloatVector a3 = FloatVector.broadcast(FLOATS, get(ap + 3 * as));
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      c33 = a3.fma(b3, c33);
      ap += at;
      bp += bs;
    }
    c00.intoMemorySegment(Memory.ALL, c, ORDER);
    c01.intoMemorySegment(Memory.ALL, c + WIDTH, ORDER);
    c02.intoMemorySegment(Memory.ALL, c + 2L * WIDTH, ORDER);
    c03.intoMemorySegment(Memory.ALL, c + 3L * WIDTH, ORDER);
    c10.intoMemorySegment(Memory.ALL, d, ORDER);
    c11.intoMemorySegment(Memory.ALL, d + WIDTH, ORDER);
    c12.intoMemorySegment(Memory.ALL, d + 2L * WIDTH, ORDER);
    c13.intoMemorySegment(Memory.ALL, d + 3L * WIDTH, ORDER);
    c20.intoMemorySegment(Memory.ALL, e, ORDER);
    c21.intoMemorySegment(Memory.ALL, e + WIDTH, ORDER);
    c22.intoMemorySegment(Memory.ALL, e + 2L * WIDTH, ORDER);
    c23.intoMemorySegment(Memory.ALL, e + 3L * WIDTH, ORDER);
    c30.intoMemorySegment(Memory.ALL, f, ORDER);
    c31.intoMemorySegment(Memory.ALL, f + WIDTH, ORDER);
    c32.intoMemorySegment(Memory.ALL, f + 2L * WIDTH, ORDER);
    c33.intoMemorySegment(Memory.ALL, f + 3L * WIDTH, ORDER);
  }

  /**
   * Twelve sums, three vectors of B and one of A: the sixteen registers of AVX2. On an EPYC 7003
   * core 82 GFLOP/s, where four by two reaches 64 and six by two 75. The strides stay variables:
   * with constant ones the compiler unrolls the loop, spills and gives 40. The sums are stored by
   * the vectors' own method, which the compiler inlines whatever the method's size; ours, called
   * last, it would no longer, and box the sums for the call.
   */
  private static void fourByThree(
      long a, long as, long at, long b, long bs, long c, long cs, int k) {
    long d = c + cs;
    long e = d + cs;
    long f = e + cs;
    FloatVector c00 = load(c);
    FloatVector c01 = load(c + WIDTH);
    FloatVector c02 = load(c + 2L * WIDTH);
    FloatVector c10 = load(d);
    FloatVector c11 = load(d + WIDTH);
    FloatVector c12 = load(d + 2L * WIDTH);
    FloatVector c20 = load(e);
    FloatVector c21 = load(e + WIDTH);
    FloatVector c22 = load(e + 2L * WIDTH);
    FloatVector c30 = load(f);
    FloatVector c31 = load(f + WIDTH);
    FloatVector c32 = load(f + 2L * WIDTH);
    long ap = a;
    long bp = b;
    for (int t = 0; t < k; t++) {
      FloatVector b0 = load(bp);
      FloatVector b1 = load(bp + WIDTH);
      FloatVector b2 = load(bp + 2L * WIDTH);
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
    c00.intoMemorySegment(Memory.ALL, c, ORDER);
    c01.intoMemorySegment(Memory.ALL, c + WIDTH, ORDER);
    c02.intoMemorySegment(Memory.ALL, c + 2L * WIDTH, ORDER);
    c10.intoMemorySegment(Memory.ALL, d, ORDER);
    c11.intoMemorySegment(Memory.ALL, d + WIDTH, ORDER);
    c12.intoMemorySegment(Memory.ALL, d + 2L * WIDTH, ORDER);
    c20.intoMemorySegment(Memory.ALL, e, ORDER);
    c21.intoMemorySegment(Memory.ALL, e + WIDTH, ORDER);
    c22.intoMemorySegment(Memory.ALL, e + 2L * WIDTH, ORDER);
    c30.intoMemorySegment(Memory.ALL, f, ORDER);
    c31.intoMemorySegment(Memory.ALL, f + WIDTH, ORDER);
    c32.intoMemorySegment(Memory.ALL, f + 2L * WIDTH, ORDER);
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

  /**
   * Passes with nothing between them but memory, called in a loop at one call site. Three receivers
   * there are what keeps the compiler from merging them into their caller, where it reaches its
   * limit of nodes half-way and boxes every vector from there on, at a sixth of the speed.
   */
  @Override
  public boolean softmax(
      long scores, int keys, float factor, long maxima, long sums, long corrections) {
    for (SoftmaxPass pass : softmax) {
      pass.run(scores, keys, factor, maxima, sums, corrections);
    }
    boolean changed = false;
    for (int i = 0; i < PANEL; i++) {
      changed |= get(corrections + 4L * i) != 1;
    }
    return changed;
  }

  /** One pass of {@link #softmax}. */
  private interface SoftmaxPass {
    void run(long scores, int keys, float factor, long maxima, long sums, long corrections);
  }

  /** The block's largest scores, where the corrections will be. */
  private static void largest(
      long scores, int keys, float factor, long maxima, long sums, long corrections) {
    for (int column = 0; column < PANEL; column += COUNT) {
      FloatVector largest = broadcast(Float.NEGATIVE_INFINITY);
      for (int j = 0; j < keys; j++) {
        largest = Lanes.larger(load(scores + 4L * column + 4L * PANEL * j), largest);
      }
      store(largest, corrections + 4L * column);
    }
  }

  private static void raise(
      long scores, int keys, float factor, long maxima, long sums, long corrections) {
    for (int column = 0; column < PANEL; column += COUNT) {
      long at = 4L * column;
      FloatVector before = load(maxima + at);
      FloatVector after = Lanes.larger(load(corrections + at).mul(factor), before);
      store(after, maxima + at);
      FloatVector gain = Lanes.expOfNegative(before.sub(after));
      store(gain, corrections + at);
      store(load(sums + at).mul(gain), sums + at);
    }
  }

  private static void exponentials(
      long scores, int keys, float factor, long maxima, long sums, long corrections) {
    for (int column = 0; column < PANEL; column += COUNT) {
      FloatVector minusLargest = load(maxima + 4L * column).neg();
      FloatVector sum = load(sums + 4L * column);
      for (int j = 0; j < keys; j++) {
        long row = scores + 4L * column + 4L * PANEL * j;
        FloatVector e = Lanes.expOfNegative(load(row).fma(broadcast(factor), minusLargest));
        store(e, row);
        sum = sum.add(e);
      }
      store(sum, sums + 4L * column);
    }
  }

  @Override
  public void transpose(
      long source, long sourceStride, long target, long targetStride, int m, int n) {
    int side = Transposition.SIDE;
    int wholeM = COUNT == side ? m / side * side : 0;
    int wholeN = n / side * side;
    for (int i = 0; i < wholeM; i += side) {
      for (int j = 0; j < wholeN; j += side) {
        Transposition.tile(
            source + i * sourceStride + 4L * j,
            sourceStride,
            target + j * targetStride + 4L * i,
            targetStride);
      }
      rest.transpose(
          source + i * sourceStride + 4L * wholeN,
          sourceStride,
          target + wholeN * targetStride + 4L * i,
          targetStride,
          side,
          n - wholeN);
    }
    rest.transpose(
        source + wholeM * sourceStride,
        sourceStride,
        target + 4L * wholeM,
        targetStride,
        m - wholeM,
        n);
  }

  @Override
  public void scaleColumns(long x, int rows, long factors) {
    for (int column = 0; column < PANEL; column += COUNT) {
      FloatVector factor = load(factors + 4L * column);
      for (int i = 0; i < rows; i++) {
        long at = x + 4L * (PANEL * i + column);
        store(load(at).mul(factor), at);
      }
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
