package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.ScoreTerm;
import java.util.List;

/**
 * Losses that are sums over a row's scores s and their logarithms; logits, gradient [R, V]. With
 * the factors of {@link ScoreTerm}:
 *
 * <pre>
 *   d loss / d ln s(y) = square s(y)² + linear s(y) - log - [y = target] (targetLinear s(y) + targetLog)
 * </pre>
 */
final class ScoreLossKernel {

  private ScoreLossKernel() {}

  static void scoreLoss(
      ArrayTensor logits,
      int[] own,
      int[] target,
      List<ScoreTerm> terms,
      double[] loss,
      ArrayTensor gradient) {
    for (int r = 0; r < logits.rows; r++) {
      loss[r] = row(logits, r, own[r], target[r], terms.get(r), gradient);
    }
  }

  private static double row(
      ArrayTensor logits, int row, int own, int target, ScoreTerm term, ArrayTensor gradient) {
    double loss = term.constant();
    for (int y = 0; y < logits.columns; y++) {
      double slope = 0;
      if (y != own) {
        double logScore = logits.data[logits.row(row) + y] + term.logOffset();
        double s = Math.exp(logScore);
        loss += term.square() / 2 * s * s + term.linear() * s - term.log() * logScore;
        slope = term.square() * s * s + term.linear() * s - term.log();
        if (y == target) {
          loss -= term.targetLinear() * s + term.targetLog() * logScore;
          slope -= term.targetLinear() * s + term.targetLog();
        }
      }
      if (gradient != null) {
        gradient.data[gradient.row(row) + y] = (float) (term.weight() * slope);
      }
    }
    return loss;
  }
}
