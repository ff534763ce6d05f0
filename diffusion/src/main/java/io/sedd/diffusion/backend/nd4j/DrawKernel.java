package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.Philox;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * One exact draw a row, with the intervals of {@link
 * io.sedd.diffusion.backend.reference.DrawKernel}: the scores are read once, into block sums, then
 * the block that the uniform number points into is read again. Temperature and top-p need one more
 * pass, over rows that leave their state. What no predictor gives (a rule of other signs, scores
 * that are not finite, weights that make no distribution) is left to the reference.
 */
final class DrawKernel {

  private final RowPool pool;

  /** Entry w belongs to worker w while a draw runs. */
  private final Worker[] workers;

  private record Worker(WeightBlocks blocks, FilteredWeights filtered) {}

  /**
   * @param own of one stretch a thread
   */
  DrawKernel(RowKernels rows, RowPool pool, Scratch own) {
    this.pool = pool;
    this.workers = new Worker[pool.threads()];
    for (int w = 0; w < workers.length; w++) {
      WeightBlocks blocks = new WeightBlocks(rows.scores(), own, w);
      workers[w] = new Worker(blocks, new FilteredWeights(blocks, rows, own, w));
    }
  }

  /**
   * Draws some rows of a layout.
   *
   * @param logits address of the first of them, [count, states]
   */
  void draw(
      long logits,
      int states,
      RowLayout layout,
      int first,
      int count,
      int[] own,
      List<DrawRule> rules,
      int[] drawn) {
    pool.forRanges(
        count,
        Math.max(1, Grain.rows(states) / 4),
        (from, to, worker) -> {
          for (int i = from; i < to; i++) {
            int r = first + i;
            int sequence = layout.sequenceOf(r);
            int position = layout.positionOf(r);
            DrawRule rule = rules.get(sequence);
            double u =
                Philox.uniform53(rule.seed(), rule.sample(), rule.step(), position, Philox.DRAW);
            try {
              drawn[r] = row(logits + 4L * states * i, states, own[r], rule, u, workers[worker]);
            } catch (ArithmeticException e) {
              throw new ArithmeticException(
                  "draw: row %d (sequence %d, position %d): %s"
                      .formatted(r, sequence, position, e.getMessage()));
            }
          }
        });
  }

  private static int row(long logits, int states, int own, DrawRule rule, double u, Worker worker) {
    WeightBlocks blocks = worker.blocks;
    if (!blocks.read(logits, states, own, rule)) {
      return byReference(logits, states, own, rule, u);
    }
    double stay = blocks.stay();
    double leave = blocks.leave();
    double total = stay + leave;
    if (!(total > 0 && total < Double.POSITIVE_INFINITY)) {
      return byReference(logits, states, own, rule, u);
    }
    double beyond = u * total - stay;
    if (beyond < 0 || leave == 0) {
      return own;
    }
    if (rule.temperature() != 1 || rule.topP() < 1) {
      return worker.filtered.pick(beyond / leave);
    }
    return blocks.pick(beyond);
  }

  private static int byReference(long logits, int states, int own, DrawRule rule, double u) {
    MemorySegment row = Memory.ALL.asSlice(logits, 4L * states);
    return io.sedd.diffusion.backend.reference.DrawKernel.draw(
        row.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED), own, rule, u);
  }
}
