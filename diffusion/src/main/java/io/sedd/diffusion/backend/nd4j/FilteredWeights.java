package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import io.sedd.diffusion.backend.nd4j.rows.ScoreRows;

/**
 * Temperature and top-p on a row that leaves its state: the weights to the power of 1/temperature,
 * then of these the heaviest. Belongs to one thread.
 */
final class FilteredWeights {

  private static final int COLUMNS = WeightBlocks.COLUMNS;

  private final WeightBlocks blocks;
  private final RowKernels rows;
  private final Scratch scratch;
  private final int worker;
  private final TopP topP = new TopP();
  private double[] sums = {};

  FilteredWeights(WeightBlocks blocks, RowKernels rows, Scratch scratch, int worker) {
    this.blocks = blocks;
    this.rows = rows;
    this.scratch = scratch;
    this.worker = worker;
  }

  /**
   * The state of the row that was read last.
   *
   * @param share in [0, 1): where among the filtered weights
   */
  int pick(double share) {
    WeightBlocks.Row row = blocks.row();
    int states = row.states();
    long weights = scratch.address(worker, states);
    float power = (float) (1 / row.rule().temperature());
    ScoreRows scores = rows.scores();
    long after = 4L * (row.own() + 1);
    scores.powers(row.logits(), row.high(), row.ratio(), power, row.own(), weights);
    Memory.set(weights + after - 4, 0);
    scores.powers(
        row.logits() + after,
        row.high(),
        row.ratio(),
        power,
        states - row.own() - 1,
        weights + after);
    double total = sum(weights, states);
    if (row.rule().topP() < 1) {
      topP.keep(row.logits(), weights, states, row.rule().topP());
      total = sum(weights, states);
    }
    double point = share * total;
    int block = 0;
    while ((block + 1) * COLUMNS < states && point >= sums[block]) {
      point -= sums[block];
      block++;
    }
    for (; block >= 0; block--) {
      int from = block * COLUMNS;
      int count = Math.min(COLUMNS, states - from);
      int found = WeightBlocks.seek(weights + 4L * from, count, point);
      if (found >= 0) {
        return from + found;
      }
      point = Double.POSITIVE_INFINITY;
    }
    throw new ArithmeticException("no state has a positive weight by " + row.rule());
  }

  private double sum(long weights, int states) {
    int count = Math.ceilDiv(states, COLUMNS);
    if (sums.length < count) {
      sums = new double[count];
    }
    double total = 0;
    for (int block = 0; block < count; block++) {
      int from = block * COLUMNS;
      sums[block] = rows.scores().sum(weights + 4L * from, Math.min(COLUMNS, states - from));
      total += sums[block];
    }
    return total;
  }
}
