package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.ScoreRows;

/**
 * The weights max(0, alpha s(y) + beta Z) of a row's other states, summed by blocks of {@value
 * #COLUMNS}, from one reading of its scores. Z is known only at the end; until then each block
 * keeps the sum of e^(l - m), m its largest logit. That is all where beta is 0, as for the
 * absorbing graph. For the uniform graph beta is below 0, and
 *
 * <ul>
 *   <li>a block whose smallest score is at least twice -beta Z / alpha has no weight to set to 0,
 *       and its sum is alpha times that of its scores + columns · beta Z, with no digits lost;
 *   <li>a block whose largest score is below -beta Z / alpha weighs nothing;
 *   <li>only the others are read a second time.
 * </ul>
 *
 * <p>Belongs to one thread.
 */
final class WeightBlocks {

  /** Columns of a block, 4 KiB: its passes for m and for the sum find it in the nearest cache. */
  static final int COLUMNS = 1024;

  /**
   * Weights are scaled by exp(-largest log score), but by no more than e^600: the own stays finite.
   */
  private static final double LOWEST_SHIFT = -600;

  private final ScoreRows rows;
  private final Scratch scratch;
  private final int worker;

  private long logits;
  private int states;
  private int own;
  private DrawRule rule;

  /** Of each block: its largest logit, 0 if that is minus infinity; its smallest; its sum. */
  private float[] largest = {};

  private float[] smallest = {};
  private double[] sums = {};

  /** alpha times the score of each block's largest logit; weights of each block. */
  private double[] units = {};

  private double[] weights = {};

  private int blocks;
  private double shift;
  private double constant;
  private double stay;
  private double leave;

  WeightBlocks(ScoreRows rows, Scratch scratch, int worker) {
    this.rows = rows;
    this.scratch = scratch;
    this.worker = worker;
  }

  /**
   * Reads a row.
   *
   * @return false if the rule is none that a predictor gives: alpha below 0, beta above, or beta
   *     without alpha
   */
  boolean read(long logits, int states, int own, DrawRule rule) {
    if (!(rule.alpha() >= 0 && rule.beta() <= 0) || (rule.alpha() == 0 && rule.beta() != 0)) {
      return false;
    }
    this.logits = logits;
    this.states = states;
    this.own = own;
    this.rule = rule;
    this.blocks = Math.ceilDiv(states, COLUMNS);
    if (sums.length < blocks) {
      largest = new float[blocks];
      smallest = new float[blocks];
      sums = new double[blocks];
      units = new double[blocks];
      weights = new double[blocks];
    }
    for (int block = 0; block < blocks; block++) {
      readBlock(block);
    }
    weigh();
    return true;
  }

  private void readBlock(int block) {
    int from = from(block);
    int before = before(block);
    long after = address(own + 1);
    int behind = behind(block);
    float high = rows.maximum(address(from), before);
    if (behind > 0) {
      high = Math.max(high, rows.maximum(after, behind));
    }
    largest[block] = high == Float.NEGATIVE_INFINITY ? 0 : high;
    if (rule.beta() < 0) {
      float low = rows.minimum(address(from), before);
      smallest[block] = behind > 0 ? Math.min(low, rows.minimum(after, behind)) : low;
    }
    double sum = rows.sumExponentials(address(from), largest[block], before);
    if (behind > 0) {
      sum += rows.sumExponentials(after, largest[block], behind);
    }
    sums[block] = sum;
  }

  private void weigh() {
    float high = Float.NEGATIVE_INFINITY;
    for (int block = 0; block < blocks; block++) {
      // an empty or impossible block's 0 is not a logit of the row
      if (sums[block] != 0) {
        high = Math.max(high, largest[block]);
      }
    }
    shift = Math.max(LOWEST_SHIFT, high + rule.logOffset());
    double ownScore = Math.exp(-shift);
    double z = ownScore;
    for (int block = 0; block < blocks; block++) {
      units[block] = Math.exp(largest[block] + rule.logOffset() - shift);
      z += sums[block] == 0 ? 0 : sums[block] * units[block];
    }
    constant = rule.beta() * z;
    stay = Math.max(0, rule.gamma() * ownScore + rule.delta() * z);
    leave = 0;
    for (int block = 0; block < blocks; block++) {
      units[block] *= rule.alpha();
      weights[block] = sums[block] == 0 ? 0 : weight(block);
      leave += weights[block];
    }
  }

  private double weight(int block) {
    double unit = units[block];
    if (constant == 0) {
      return unit * sums[block];
    }
    if (unit <= -constant) {
      return 0;
    }
    double least = Math.exp(smallest[block] - largest[block]);
    if (least * unit >= -2 * constant) {
      return unit * sums[block] + (before(block) + behind(block)) * constant;
    }
    long target = blockWeights(block);
    return unit * rows.sum(target, to(block) - from(block));
  }

  /** The weights of a block over its unit, one for each column, 0 for the own state. */
  private long blockWeights(int block) {
    long target = scratch.address(worker, COLUMNS);
    float ratio = (float) (constant / units[block]);
    int before = before(block);
    int behind = behind(block);
    rows.weights(address(from(block)), largest[block], ratio, before, target);
    if (before < to(block) - from(block)) {
      Memory.set(target + 4L * before, 0);
      rows.weights(address(own + 1), largest[block], ratio, behind, target + 4L * (before + 1));
    }
    return target;
  }

  /** Weight of staying. */
  double stay() {
    return stay;
  }

  /** Weight of all other states. */
  double leave() {
    return leave;
  }

  /**
   * The other state in whose interval a point lies; where rounding lets it lie beyond, the last of
   * positive weight.
   *
   * @param point in [0, leave)
   */
  int pick(double point) {
    int block = 0;
    double rest = point;
    while (block + 1 < blocks && rest >= weights[block]) {
      rest -= weights[block];
      block++;
    }
    for (; block >= 0; block--) {
      if (weights[block] > 0) {
        int found = seek(blockWeights(block), to(block) - from(block), rest / units[block]);
        if (found >= 0) {
          return from(block) + found;
        }
      }
      rest = Double.POSITIVE_INFINITY;
    }
    throw new ArithmeticException("no state has a positive weight by " + rule);
  }

  /** Where the running sum passes the point; else the last positive one; -1 if there is none. */
  static int seek(long weights, int n, double point) {
    int found = -1;
    double sum = 0;
    for (int i = 0; i < n && (found < 0 || sum <= point); i++) {
      float weight = Memory.get(weights + 4L * i);
      if (weight > 0) {
        found = i;
        sum += weight;
      }
    }
    return found;
  }

  /** First column of a block. */
  int from(int block) {
    return block * COLUMNS;
  }

  /** Column after the last of a block. */
  int to(int block) {
    return Math.min(from(block) + COLUMNS, states);
  }

  /** Columns of a block before the own state: all, if that is not in it. */
  private int before(int block) {
    return (own >= from(block) && own < to(block) ? own : to(block)) - from(block);
  }

  /** Columns of a block behind the own state: none, if that is not in it. */
  private int behind(int block) {
    return own >= from(block) && own < to(block) ? to(block) - own - 1 : 0;
  }

  private long address(int column) {
    return logits + 4L * column;
  }

  /** The row that was read. */
  Row row() {
    float high = Float.NEGATIVE_INFINITY;
    for (int block = 0; block < blocks; block++) {
      if (weights[block] > 0) {
        high = Math.max(high, largest[block]);
      }
    }
    double unit = rule.alpha() * Math.exp(high + rule.logOffset() - shift);
    return new Row(logits, states, own, rule, high, (float) (constant / unit));
  }

  /**
   * The weights once more, over that of the largest score: max(0, e^(l - high) + ratio).
   *
   * @param high the largest logit
   * @param ratio beta Z over alpha times the largest score
   */
  record Row(long logits, int states, int own, DrawRule rule, float high, float ratio) {}
}
