package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.AttentionMask;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import io.sedd.diffusion.backend.nd4j.rows.TileRows;

/**
 * Gradients of attention, one task a sequence and head. The softmax P is computed again from the
 * logarithms of its sums, block by block (arXiv 2205.14135, algorithm 4):
 *
 * <pre>
 *   dV = Pᵀ dO;  dP = dO Vᵀ;  dS = P (dP - rowsum(dO O)) /√d;  dQ = dS K;  dK = dSᵀ Q
 * </pre>
 *
 * A block of keys with its gradients stays in the cache while all panels of queries pass it.
 */
final class AttentionBackward {

  /** Keys of a block; their K, V, dK and dV are 64 KiB for heads of 64. */
  private static final int KEYS = 64;

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
      AttentionMask mask,
      Nd4jTensor dqkv) {
    int size = mix.columns() / heads;
    pool.run(
        layout.sequences() * heads,
        (task, worker) -> {
          Head head = Head.of(layout, task / heads, task % heads, size, rows);
          if (head.length() > 0) {
            new Run(head, mask, dMix, qkv, mix, logSums, dqkv, worker).run();
          }
        });
  }

  /** One head of one sequence. */
  private final class Run {
    private final Head head;
    private final AttentionMask mask;
    private final Nd4jTensor dMix;
    private final Nd4jTensor qkv;
    private final Nd4jTensor mix;
    private final Nd4jTensor logSums;
    private final Nd4jTensor dqkv;
    private final int hidden;
    private final TileRows tiles = rows.tiles();
    private final float factor;

    /** Bytes of a packed row, and of a row of a panel. */
    private final long down;

    private final long across;

    /** Of all panels, [panels, paddedSize, panel]. */
    private final long queriesAcross;

    private final long dOutAcross;
    private final long dQueries;

    /** Of all panels, [panels, panel, paddedSize]. */
    private final long queries;

    private final long dOut;

    /** Of all panels, [panels, panel]. */
    private final long sums;

    private final long deltas;

    /** Of one block, [KEYS, paddedSize]. */
    private final long keys;

    private final long values;
    private final long dKeys;
    private final long dValues;

    /** Of one block and panel, [KEYS, panel]. */
    private final long p;

    private final long ds;

    Run(
        Head head,
        AttentionMask mask,
        Nd4jTensor dMix,
        Nd4jTensor qkv,
        Nd4jTensor mix,
        Nd4jTensor logSums,
        Nd4jTensor dqkv,
        int worker) {
      this.head = head;
      this.mask = mask;
      this.dMix = dMix;
      this.qkv = qkv;
      this.mix = mix;
      this.logSums = logSums;
      this.dqkv = dqkv;
      this.hidden = mix.columns();
      this.factor = (float) (1 / Math.sqrt(head.size()));
      this.down = 4L * head.paddedSize();
      this.across = 4L * head.panel();
      long panels = 4L * head.panels() * head.panelNumbers();
      long singles = across * head.panels();
      long block = KEYS * down;
      this.queriesAcross =
          own.address(worker, (5 * panels + 2 * singles + 4 * block + 2 * KEYS * across) / 4);
      this.dOutAcross = queriesAcross + panels;
      this.dQueries = dOutAcross + panels;
      this.queries = dQueries + panels;
      this.dOut = queries + panels;
      this.sums = dOut + panels;
      this.deltas = sums + singles;
      this.keys = deltas + singles;
      this.values = keys + block;
      this.dKeys = values + block;
      this.dValues = dKeys + block;
      this.p = dValues + block;
      this.ds = p + KEYS * across;
    }

    void run() {
      int end = head.panels() * head.panel();
      head.pack(qkv, 0, 0, end, queries, rows);
      head.pack(dMix, 0, 0, end, dOut, rows);
      for (int panel = 0; panel < head.panels(); panel++) {
        head.packPanel(qkv, 0, panel, queriesAcross + panelBytes(panel), rows);
        head.packPanel(dMix, 0, panel, dOutAcross + panelBytes(panel), rows);
      }
      Memory.clear(dQueries, (long) head.panels() * head.panelNumbers());
      // padding: queries of 0 with gradients of 0 add nothing, whatever their finite softmax
      Memory.clear(sums, 2L * end);
      for (int i = 0; i < head.length(); i++) {
        Memory.set(sums + 4L * i, Memory.get(logSums.row(head.start() + i) + 4L * head.number()));
        Memory.set(
            deltas + 4L * i, rows.spans().dot(dOut + down * i, head.at(mix, 0, i), head.size()));
      }
      for (int from = 0; from < head.length(); from += KEYS) {
        block(from, Math.min(KEYS, head.length() - from));
      }
      for (int panel = 0; panel < head.panels(); panel++) {
        head.unpackPanel(dQueries + panelBytes(panel), dqkv, 0, panel, rows);
      }
    }

    private long panelBytes(int panel) {
      return 4L * head.panelNumbers() * panel;
    }

    private void block(int from, int count) {
      int padded = Math.ceilDiv(count, TileRows.ROWS) * TileRows.ROWS;
      head.pack(qkv, hidden, from, from + padded, keys, rows);
      head.pack(qkv, 2 * hidden, from, from + padded, values, rows);
      Memory.clear(dKeys, (long) padded * head.paddedSize());
      Memory.clear(dValues, (long) padded * head.paddedSize());
      for (int panel = 0; panel < head.panels(); panel++) {
        if (from < head.lastKey(panel, mask)) {
          meet(panel, from, count, padded);
        }
      }
      head.unpack(dKeys, dqkv, hidden, from, from + count, rows);
      head.unpack(dValues, dqkv, 2 * hidden, from, from + count, rows);
    }

    /**
     * One block of keys and one panel of queries.
     *
     * @param first of the keys
     * @param present keys without padding
     */
    private void meet(int panel, int first, int present, int count) {
      int width = head.panel();
      int size = head.paddedSize();
      long here = panelBytes(panel);
      Memory.clear(p, (long) count * width);
      Memory.clear(ds, (long) count * width);
      tiles.addProduct(
          keys, down, 4, queriesAcross + here, across, p, across, count, width, head.size());
      tiles.addProduct(
          values, down, 4, dOutAcross + here, across, ds, across, count, width, head.size());
      rows.spans().fill(p + across * present, Float.NEGATIVE_INFINITY, (count - present) * width);
      head.hide(p, panel, first, present, mask);
      tiles.softmaxBackward(p, ds, count, factor, sums + across * panel, deltas + across * panel);
      tiles.addProduct(p, across, 4, dOut + here, down, dValues, down, count, size, width);
      tiles.addProduct(ds, across, 4, queries + here, down, dKeys, down, count, size, width);
      // the keys are read across by swapping the strides
      tiles.addProduct(keys, 4, down, ds, across, dQueries + here, across, size, width, count);
    }
  }
}
