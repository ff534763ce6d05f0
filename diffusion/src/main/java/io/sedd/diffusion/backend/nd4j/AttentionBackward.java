package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import io.sedd.diffusion.backend.nd4j.rows.TileRows;

/**
 * Gradients of attention, one task a sequence and head. The softmax P is computed again from the
 * logarithms of its sums, tile by tile (arXiv 2205.14135, algorithm 4):
 *
 * <pre>
 *   dV = Pᵀ dO;  dP = dO Vᵀ;  dS = P (dP - rowsum(dO O)) /√d;  dQ = dS K;  dK = dSᵀ Q
 * </pre>
 */
final class AttentionBackward {

  private final RowKernels rows;
  private final RowPool pool;
  private final Scratch own;

  AttentionBackward(RowKernels rows, RowPool pool, Scratch own) {
    this.rows = rows;
    this.pool = pool;
    this.own = own;
  }

  void attendBackward(
      Nd4jTensor dMix,
      Nd4jTensor qkv,
      Nd4jTensor mix,
      Nd4jTensor logSums,
      int heads,
      RowLayout layout,
      Nd4jTensor dqkv) {
    int size = mix.columns() / heads;
    pool.run(
        layout.sequences() * heads,
        (task, worker) -> {
          Head head = Head.of(layout, task / heads, task % heads, size, rows.lanes());
          if (head.length() > 0) {
            new Task(head, task % heads, dMix, qkv, mix, logSums, dqkv, worker).run();
          }
        });
  }

  /** One head of one sequence: its packed matrices, [size, L] (transposed) or [L, size]. */
  private final class Task {
    private final Head head;
    private final int number;
    private final Nd4jTensor dMix;
    private final Nd4jTensor qkv;
    private final Nd4jTensor mix;
    private final Nd4jTensor logSums;
    private final Nd4jTensor dqkv;
    private final int hidden;
    private final long wide;
    private final long narrow;
    private final int block;
    private final long keysTransposed;
    private final long valuesTransposed;
    private final long keys;
    private final long dKeys;
    private final long dValues;
    private final long p;
    private final long ds;
    private final long queries;
    private final long dOut;
    private final long dQueries;

    Task(
        Head head,
        int number,
        Nd4jTensor dMix,
        Nd4jTensor qkv,
        Nd4jTensor mix,
        Nd4jTensor logSums,
        Nd4jTensor dqkv,
        int worker) {
      this.head = head;
      this.number = number;
      this.dMix = dMix;
      this.qkv = qkv;
      this.mix = mix;
      this.logSums = logSums;
      this.dqkv = dqkv;
      this.hidden = mix.columns();
      this.wide = 4L * head.paddedLength();
      this.narrow = 4L * head.paddedSize();
      this.block = Math.min(head.block(), head.length());
      long across = head.size() * wide;
      long down = head.length() * narrow;
      this.keysTransposed =
          own.address(worker, (2 * across + 3 * down + block * (2 * wide + 3 * narrow)) / 4);
      this.valuesTransposed = keysTransposed + across;
      this.keys = valuesTransposed + across;
      this.dKeys = keys + down;
      this.dValues = dKeys + down;
      this.p = dValues + down;
      this.ds = p + block * wide;
      this.queries = ds + block * wide;
      this.dOut = queries + block * narrow;
      this.dQueries = dOut + block * narrow;
    }

    void run() {
      head.packTransposed(qkv, hidden, keysTransposed);
      head.packTransposed(qkv, 2 * hidden, valuesTransposed);
      head.pack(qkv, hidden, 0, head.length(), keys, rows.spans());
      Memory.clear(dKeys, 2L * head.length() * head.paddedSize());
      for (int from = 0; from < head.length(); from += block) {
        block(from, Math.min(from + block, head.length()));
      }
      head.unpack(dKeys, dqkv, hidden, 0, head.length(), rows.spans());
      head.unpack(dValues, dqkv, 2 * hidden, 0, head.length(), rows.spans());
    }

    private void block(int from, int to) {
      int count = to - from;
      int length = head.length();
      int size = head.size();
      int width = head.paddedLength();
      int out = head.paddedSize();
      TileRows tiles = rows.tiles();
      head.pack(qkv, 0, from, to, queries, rows.spans());
      head.pack(dMix, 0, from, to, dOut, rows.spans());
      tiles.multiply(queries, narrow, 4, keysTransposed, wide, p, wide, count, width, size, false);
      tiles.multiply(dOut, narrow, 4, valuesTransposed, wide, ds, wide, count, width, size, false);
      float factor = (float) (1 / Math.sqrt(size));
      for (int i = 0; i < count; i++) {
        long row = p + wide * i;
        float logSum = Memory.get(logSums.row(head.start() + from + i) + 4L * number);
        head.exclude(row);
        tiles.exponentials(row, factor, logSum, width);
        float delta = rows.spans().dot(dOut + narrow * i, head.at(mix, 0, from + i), size);
        tiles.softmaxBackward(row, ds + wide * i, delta, factor, width);
      }
      // the transposes are read by swapping the strides
      tiles.multiply(p, 4, wide, dOut, narrow, dValues, narrow, length, out, count, true);
      tiles.multiply(ds, 4, wide, queries, narrow, dKeys, narrow, length, out, count, true);
      tiles.multiply(ds, wide, 4, keys, narrow, dQueries, narrow, count, out, length, false);
      head.unpack(dQueries, dqkv, 0, from, to, rows.spans());
    }
  }
}
