package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.ScoreTerm;
import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import java.util.List;

/**
 * Losses of a row's scores ({@link ScoreTerm}): the exponentials once, into memory of the worker's
 * own, then sums and slopes from there.
 */
final class ScoreLossKernel {

  private final RowKernels rows;
  private final RowPool pool;
  private final Scratch own;

  ScoreLossKernel(RowKernels rows, RowPool pool, Scratch own) {
    this.rows = rows;
    this.pool = pool;
    this.own = own;
  }

  void scoreLoss(
      Nd4jTensor logits,
      int[] ownStates,
      int[] target,
      List<ScoreTerm> terms,
      double[] loss,
      Nd4jTensor gradient) {
    int states = logits.columns();
    pool.forRanges(
        logits.rows(),
        Math.max(1, Grain.rows(states) / 4),
        (from, to, worker) -> {
          long scores = own.address(worker, states);
          for (int r = from; r < to; r++) {
            long slopes = gradient == null ? 0 : gradient.row(r);
            loss[r] =
                row(logits.row(r), states, ownStates[r], target[r], terms.get(r), scores, slopes);
          }
        });
  }

  private double row(
      long logits, int states, int own, int target, ScoreTerm term, long scores, long gradient) {
    double logTarget = Memory.get(logits + 4L * target) + term.logOffset();
    double[] sums = new double[2];
    float offset = (float) term.logOffset();
    long after = 4L * (own + 1);
    rows.scores().entropy(logits, offset, 1, 0, own, scores, sums);
    rows.scores().entropy(logits + after, offset, 1, 0, states - own - 1, scores + after, sums);
    Memory.set(scores + 4L * own, 0);
    double loss =
        term.linear() * sums[0]
            - term.log() * (sums[1] + (states - 1) * term.logOffset())
            + term.constant();
    if (term.square() != 0) {
      loss += term.square() / 2 * squares(scores, states);
    }
    if (gradient != 0) {
      slopes(scores, states, term, gradient);
      Memory.set(gradient + 4L * own, 0);
    }
    if (target != own) {
      double score = Math.exp(logTarget);
      loss -= term.targetLinear() * score + term.targetLog() * logTarget;
      if (gradient != 0) {
        double slope =
            (term.square() * score + term.linear() - term.targetLinear()) * score
                - term.log()
                - term.targetLog();
        Memory.set(gradient + 4L * target, (float) (term.weight() * slope));
      }
    }
    return loss;
  }

  private static double squares(long scores, int states) {
    double sum = 0;
    for (int y = 0; y < states; y++) {
      double s = Memory.get(scores + 4L * y);
      sum += s * s;
    }
    return sum;
  }

  private static void slopes(long scores, int states, ScoreTerm term, long gradient) {
    float square = (float) (term.weight() * term.square());
    float linear = (float) (term.weight() * term.linear());
    float log = (float) (term.weight() * term.log());
    for (int y = 0; y < states; y++) {
      float s = Memory.get(scores + 4L * y);
      Memory.set(gradient + 4L * y, (square * s + linear) * s - log);
    }
  }
}
