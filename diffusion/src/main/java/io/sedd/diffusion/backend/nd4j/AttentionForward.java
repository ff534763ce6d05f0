package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.AttentionMask;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import io.sedd.diffusion.backend.nd4j.rows.TileRows;

/**
 * softmax(q kᵀ/√d) v in blocks (arXiv 2205.14135): a panel of queries meets {@value #KEYS} keys at
 * a time, so that scores never leave the first-level cache. What a panel gives depends on its
 * sequence alone.
 */
final class AttentionForward {

  /**
   * Keys of a block. With heads of 64 its scores, values and the panel's sums (6 + 16 + 6 KiB for
   * panels of 24) fill the first-level cache.
   */
  private static final int KEYS = 64;

  private final RowKernels rows;
  private final RowPool pool;
  private final Scratch own;

  AttentionForward(RowKernels rows, RowPool pool, Scratch own) {
    this.rows = rows;
    this.pool = pool;
    this.own = own;
  }

  /**
   * @param logSums logarithms of the softmax's sums, [R, heads], or null
   */
  void attend(
      Nd4jTensor qkv,
      int heads,
      RowLayout layout,
      AttentionMask mask,
      Nd4jTensor logSums,
      Nd4jTensor mix) {
    int size = mix.columns() / heads;
    AttentionTasks tasks = new AttentionTasks(layout, heads, rows.tiles().panel(), pool.threads());
    pool.run(
        tasks.count(),
        (number, worker) -> {
          AttentionTasks.Task task = tasks.task(number);
          Head head = Head.of(layout, task.sequence(), task.head(), size, rows);
          new Run(head, qkv, mask, logSums, mix, worker).run(task.fromPanel(), task.toPanel());
        });
  }

  /** Some panels of one head. */
  private final class Run {
    private final Head head;
    private final Nd4jTensor qkv;
    private final AttentionMask mask;
    private final Nd4jTensor logSums;
    private final Nd4jTensor mix;
    private final TileRows tiles = rows.tiles();
    private final float factor;

    /** Packed rows, [paddedLength, paddedSize]. */
    private final long keys;

    private final long values;

    /** Queries and their results, [paddedSize, panel]. */
    private final long queries;

    private final long mixed;

    /** [KEYS, panel]. */
    private final long scores;

    /** [panel] each. */
    private final long maxima;

    private final long sums;
    private final long corrections;

    Run(
        Head head,
        Nd4jTensor qkv,
        AttentionMask mask,
        Nd4jTensor logSums,
        Nd4jTensor mix,
        int worker) {
      this.head = head;
      this.qkv = qkv;
      this.mask = mask;
      this.logSums = logSums;
      this.mix = mix;
      this.factor = (float) (1 / Math.sqrt(head.size()));
      long panel = head.panel();
      this.keys =
          own.address(
              worker, 2 * head.rowNumbers() + 2L * head.panelNumbers() + (KEYS + 3) * panel);
      this.values = keys + 4 * head.rowNumbers();
      this.queries = values + 4 * head.rowNumbers();
      this.mixed = queries + 4L * head.panelNumbers();
      this.scores = mixed + 4L * head.panelNumbers();
      this.maxima = scores + 4 * KEYS * panel;
      this.sums = maxima + 4 * panel;
      this.corrections = sums + 4 * panel;
    }

    void run(int fromPanel, int toPanel) {
      int hidden = mix.columns();
      head.pack(qkv, hidden, 0, head.paddedLength(), keys, rows);
      head.pack(qkv, 2 * hidden, 0, head.paddedLength(), values, rows);
      for (int panel = fromPanel; panel < toPanel; panel++) {
        head.packPanel(qkv, 0, panel, queries, rows);
        rows.spans().fill(maxima, Float.NEGATIVE_INFINITY, head.panel());
        Memory.clear(sums, head.panel());
        Memory.clear(mixed, head.panelNumbers());
        int end = head.lastKey(panel, mask);
        for (int from = 0; from < end; from += KEYS) {
          block(panel, from, Math.min(KEYS, head.length() - from));
        }
        finish(panel);
      }
    }

    private void block(int panel, int from, int count) {
      int padded = Math.ceilDiv(count, TileRows.ROWS) * TileRows.ROWS;
      long down = 4L * head.paddedSize();
      long across = 4L * head.panel();
      Memory.clear(scores, (long) padded * head.panel());
      tiles.addProduct(
          keys + down * from,
          down,
          4,
          queries,
          across,
          scores,
          across,
          padded,
          head.panel(),
          head.size());
      rows.spans()
          .fill(scores + across * count, Float.NEGATIVE_INFINITY, (padded - count) * head.panel());
      head.hide(scores, panel, from, count, mask);
      if (tiles.softmax(scores, padded, factor, maxima, sums, corrections)) {
        tiles.scaleColumns(mixed, head.paddedSize(), corrections);
      }
      // the values are read across by swapping the strides
      tiles.addProduct(
          values + down * from,
          4,
          down,
          scores,
          across,
          mixed,
          across,
          head.paddedSize(),
          head.panel(),
          padded);
    }

    private void finish(int panel) {
      for (int i = 0; i < head.panel(); i++) {
        float sum = Memory.get(sums + 4L * i);
        int query = panel * head.panel() + i;
        if (logSums != null && query < head.length()) {
          float logSum = Memory.get(maxima + 4L * i) + (float) Math.log(sum);
          Memory.set(logSums.row(head.start() + query) + 4L * head.number(), logSum);
        }
        Memory.set(sums + 4L * i, 1 / sum);
      }
      tiles.scaleColumns(mixed, head.paddedSize(), sums);
      head.unpackPanel(mixed, mix, 0, panel, rows);
    }
  }
}
