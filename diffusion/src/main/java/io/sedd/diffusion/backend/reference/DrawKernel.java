package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.Philox;
import io.sedd.diffusion.backend.RowLayout;
import java.util.List;

/**
 * One exact categorical draw a row, by inverse distribution: a uniform number u of 53 bits points
 * into the interval [0, total) on which the weights lie end to end, that of staying first, then
 * those of the other states in ascending order.
 *
 * <p>Temperature and top-p, where used, change the weights of the other states once u has left the
 * part of staying; the part of u beyond it, rescaled to [0, 1), then points into the changed ones.
 */
public final class DrawKernel {

  /** Sums are taken of blocks of so many columns, then over the blocks. */
  private static final int BLOCK = 1024;

  /**
   * Weights are scaled by exp(-largest log score), but by no more than e^600: the own score, 1,
   * must stay finite too.
   */
  private static final double LOWEST_SHIFT = -600;

  private DrawKernel() {}

  static void draw(
      ArrayTensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    float[] row = new float[logits.columns];
    for (int r = 0; r < logits.rows; r++) {
      int sequence = layout.sequenceOf(r);
      int position = layout.positionOf(r);
      DrawRule rule = rules.get(sequence);
      System.arraycopy(logits.data, logits.row(r), row, 0, row.length);
      double u = Philox.uniform53(rule.seed(), rule.sample(), rule.step(), position, Philox.DRAW);
      try {
        drawn[r] = draw(row, own[r], rule, u);
      } catch (ArithmeticException e) {
        throw new ArithmeticException(
            "draw: row %d (sequence %d, position %d): %s"
                .formatted(r, sequence, position, e.getMessage()));
      }
    }
  }

  /**
   * The state that u in [0, 1) points at.
   *
   * @param logits of one row, [V]; a logit of minus infinity is a score of 0
   * @throws ArithmeticException if a score is not finite or all weights are 0
   */
  public static int draw(float[] logits, int own, DrawRule rule, double u) {
    double[] weights = weights(logits, own, rule, shift(logits, own, rule));
    for (int y = 0; y < weights.length; y++) {
      weights[y] = Math.max(0, weights[y]);
    }
    double stay = weights[own];
    weights[own] = 0;
    double leave = sum(weights);
    double total = stay + leave;
    if (!(total < Double.POSITIVE_INFINITY)) {
      throw new ArithmeticException("the weights of " + rule + " sum to " + total);
    }
    if (total == 0) {
      throw new ArithmeticException("all weights are 0 by " + rule);
    }
    double beyond = u * total - stay;
    if (beyond < 0 || leave == 0) {
      return own;
    }
    if (rule.temperature() != 1) {
      Nucleus.temper(weights, rule.temperature());
    }
    if (rule.topP() < 1) {
      Nucleus.keepTop(weights, rule.topP());
    }
    return pick(weights, beyond / leave);
  }

  /**
   * The weights of a row as the rule has them, negative ones not yet set to 0: alpha s(y) + beta Z,
   * and gamma + delta Z at the own state.
   *
   * @param logits of one row, [V]
   * @return [V]
   */
  public static double[] weights(float[] logits, int own, DrawRule rule) {
    return weights(logits, own, rule, 0);
  }

  /** All weights times exp(-shift), which the draw does not feel. */
  private static double[] weights(float[] logits, int own, DrawRule rule, double shift) {
    double[] scores = new double[logits.length];
    for (int y = 0; y < logits.length; y++) {
      scores[y] = Math.exp(y == own ? -shift : logits[y] + rule.logOffset() - shift);
    }
    double z = sum(scores);
    double[] weights = new double[logits.length];
    for (int y = 0; y < logits.length; y++) {
      weights[y] = rule.alpha() * scores[y] + rule.beta() * z;
    }
    weights[own] = rule.gamma() * scores[own] + rule.delta() * z;
    return weights;
  }

  private static double shift(float[] logits, int own, DrawRule rule) {
    double largest = LOWEST_SHIFT;
    for (int y = 0; y < logits.length; y++) {
      double logScore = y == own ? LOWEST_SHIFT : logits[y] + rule.logOffset();
      if (Double.isNaN(logScore) || logScore == Double.POSITIVE_INFINITY) {
        throw new ArithmeticException("the log score of state " + y + " is " + logScore);
      }
      largest = Math.max(largest, logScore);
    }
    return largest;
  }

  private static int pick(double[] weights, double v) {
    double[] blocks = blockSums(weights);
    double target = v * sum(blocks, 0, blocks.length);
    int block = seek(blocks, 0, blocks.length, target);
    int first = block * BLOCK;
    int end = Math.min(first + BLOCK, weights.length);
    return seek(weights, first, end, target - sum(blocks, 0, block));
  }

  /**
   * The index at which the running sum passes the target; where rounding lets the target lie at the
   * far end or beyond, the last index of positive weight.
   */
  private static int seek(double[] weights, int from, int to, double target) {
    int found = -1;
    double sum = 0;
    for (int i = from; i < to && (found < 0 || sum <= target); i++) {
      if (weights[i] > 0) {
        found = i;
        sum += weights[i];
      }
    }
    return found;
  }

  private static double sum(double[] values) {
    double[] blocks = blockSums(values);
    return sum(blocks, 0, blocks.length);
  }

  private static double[] blockSums(double[] values) {
    double[] blocks = new double[(values.length + BLOCK - 1) / BLOCK];
    for (int b = 0; b < blocks.length; b++) {
      blocks[b] = sum(values, b * BLOCK, Math.min((b + 1) * BLOCK, values.length));
    }
    return blocks;
  }

  private static double sum(double[] values, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += values[i];
    }
    return sum;
  }
}
