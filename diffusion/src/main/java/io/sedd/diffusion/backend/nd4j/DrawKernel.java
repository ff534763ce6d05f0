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
 * io.sedd.diffusion.backend.reference.DrawKernel}: block sums of the weights in one pass, then only
 * the block that the uniform number points into is read again. A row that leaves its state under
 * temperature or top-p, and one whose weights make no distribution, is handed to the reference.
 */
final class DrawKernel {

  /** Columns of a block. */
  private static final int BLOCK = 1024;

  /**
   * Weights are scaled by exp(-largest log score), but by no more than e^600: the own stays finite.
   */
  private static final double LOWEST_SHIFT = -600;

  private final RowKernels rows;
  private final RowPool pool;

  DrawKernel(RowKernels rows, RowPool pool) {
    this.rows = rows;
    this.pool = pool;
  }

  void draw(Nd4jTensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    int states = logits.columns();
    pool.forRanges(
        logits.rows(),
        Math.max(1, Grain.rows(states) / 4),
        (from, to, _) -> {
          double[] blocks = new double[Math.ceilDiv(states, BLOCK)];
          for (int r = from; r < to; r++) {
            int sequence = layout.sequenceOf(r);
            int position = layout.positionOf(r);
            DrawRule rule = rules.get(sequence);
            double u =
                Philox.uniform53(rule.seed(), rule.sample(), rule.step(), position, Philox.DRAW);
            try {
              drawn[r] = row(logits.row(r), states, own[r], rule, u, blocks);
            } catch (ArithmeticException e) {
              throw new ArithmeticException(
                  "draw: row %d (sequence %d, position %d): %s"
                      .formatted(r, sequence, position, e.getMessage()));
            }
          }
        });
  }

  private int row(long logits, int states, int own, DrawRule rule, double u, double[] blocks) {
    float before = rows.scores().maximum(logits, own);
    float after = rows.scores().maximum(logits + 4L * (own + 1), states - own - 1);
    double shift = Math.max(LOWEST_SHIFT, Math.max(before, after) + rule.logOffset());
    float offset = (float) (rule.logOffset() - shift);
    double ownScore = Math.exp(-shift);
    double others = sum(logits, states, own, offset, 1, 0, blocks);
    double z = others + ownScore;
    double constant = rule.beta() * z;
    float alpha = (float) rule.alpha();
    double stay = Math.max(0, rule.gamma() * ownScore + rule.delta() * z);
    double leave = sum(logits, states, own, offset, alpha, (float) constant, blocks);
    double total = stay + leave;
    if (!(total > 0 && total < Double.POSITIVE_INFINITY)) {
      return byReference(logits, states, own, rule, u);
    }
    double beyond = u * total - stay;
    if (beyond < 0 || leave == 0) {
      return own;
    }
    if (rule.temperature() != 1 || rule.topP() < 1) {
      return byReference(logits, states, own, rule, u);
    }
    int block = 0;
    while (block + 1 < blocks.length && beyond >= blocks[block]) {
      beyond -= blocks[block];
      block++;
    }
    return seek(logits, states, own, offset, alpha, (float) constant, block, beyond);
  }

  /** Block sums of the weights of the states other than own; returns their total. */
  private double sum(
      long logits, int states, int own, float offset, float alpha, float beta, double[] blocks) {
    double total = 0;
    for (int block = 0; block < blocks.length; block++) {
      int from = block * BLOCK;
      int to = Math.min(from + BLOCK, states);
      boolean inside = own >= from && own < to;
      double sum = span(logits, from, inside ? own : to, offset, alpha, beta);
      if (inside) {
        sum += span(logits, own + 1, to, offset, alpha, beta);
      }
      blocks[block] = sum;
      total += sum;
    }
    return total;
  }

  private double span(long logits, int from, int to, float offset, float alpha, float beta) {
    return rows.scores().sumWeights(logits + 4L * from, offset, alpha, beta, to - from);
  }

  /**
   * The state of the block at which the running sum passes the target; where rounding lets it lie
   * beyond, the last state of positive weight, looked for further down if the block has none.
   */
  private static int seek(
      long logits,
      int states,
      int own,
      float offset,
      float alpha,
      float beta,
      int block,
      double target) {
    for (int from = block * BLOCK; from >= 0; from -= BLOCK) {
      int found = -1;
      double sum = 0;
      int to = Math.min(from + BLOCK, states);
      for (int y = from; y < to && (found < 0 || sum <= target); y++) {
        float score = (float) Math.exp(Memory.get(logits + 4L * y) + offset);
        double weight = y == own ? 0 : Math.fma(alpha, score, beta);
        if (weight > 0) {
          found = y;
          sum += weight;
        }
      }
      if (found >= 0) {
        return found;
      }
    }
    throw new ArithmeticException("no state has a positive weight");
  }

  private static int byReference(long logits, int states, int own, DrawRule rule, double u) {
    MemorySegment row = Memory.ALL.asSlice(logits, 4L * states);
    return io.sedd.diffusion.backend.reference.DrawKernel.draw(
        row.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED), own, rule, u);
  }
}
