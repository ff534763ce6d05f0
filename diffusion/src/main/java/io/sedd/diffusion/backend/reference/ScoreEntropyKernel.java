package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.EntropyTerm;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.process.Graph;
import java.util.List;

/**
 * Denoising score entropy of each row (arXiv 2310.16834, definition 3.2 and equation 10) and its
 * gradient; logits, gradient [R, V]. With the rate Q(x, y), the true ratio a(y) = p(y | x0) / p(x |
 * x0) and the score s(y) = exp(logit + offset):
 *
 * <pre>
 *   loss = sum over y != x of Q(x, y) (s(y) - a(y) ln s(y) + a(y) (ln a(y) - 1))
 *   d loss / d ln s(y) = Q(x, y) (s(y) - a(y))
 * </pre>
 */
final class ScoreEntropyKernel {

  private ScoreEntropyKernel() {}

  static void scoreEntropy(
      Graph graph,
      ArrayTensor logits,
      RowLayout layout,
      int[] x,
      int[] x0,
      List<EntropyTerm> terms,
      double[] loss,
      ArrayTensor gradient) {
    for (int r = 0; r < layout.rows(); r++) {
      EntropyTerm term = terms.get(layout.sequenceOf(r));
      loss[r] =
          switch (graph) {
            case Graph.Absorbing absorbing ->
                absorbing(logits, r, x[r] == absorbing.mask(), x0[r], term, gradient);
            case Graph.Uniform _ -> uniform(logits, r, x[r], x0[r], term, gradient);
          };
    }
  }

  /**
   * At the mask Q = 1; a = 1/E at x0 and 0 at the other tokens, E = expm1(sigma). A token that is
   * still there cannot change: Q = 0.
   */
  private static double absorbing(
      ArrayTensor logits, int row, boolean masked, int x0, EntropyTerm term, ArrayTensor gradient) {
    double a = 1 / Math.expm1(term.sigma());
    double logScoreOfX0 = logits.data[logits.row(row) + x0] + term.logOffset();
    double sum = 0;
    for (int y = 0; y < logits.columns; y++) {
      boolean reachable = masked && y < logits.columns - 1;
      double score = reachable ? Math.exp(logits.data[logits.row(row) + y] + term.logOffset()) : 0;
      sum += score;
      if (gradient != null) {
        double slope = masked && y == x0 ? score - a : score;
        gradient.data[gradient.row(row) + y] = (float) (term.weight() * slope);
      }
    }
    return masked ? sum - a * logScoreOfX0 + a * (Math.log(a) - 1) : 0;
  }

  /**
   * Q = 1/V. With r = E/(E+V), which keeps its digits at small sigma: if x = x0, a = r everywhere;
   * else a = 1/r at x0 and 1 at the others.
   */
  private static double uniform(
      ArrayTensor logits, int row, int x, int x0, EntropyTerm term, ArrayTensor gradient) {
    int states = logits.columns;
    double e = Math.expm1(term.sigma());
    double r = e / (e + states);
    double sum = 0;
    for (int y = 0; y < states; y++) {
      double logScore = logits.data[logits.row(row) + y] + term.logOffset();
      double a = x == x0 ? r : y == x0 ? 1 / r : 1;
      double score = Math.exp(logScore);
      if (y != x) {
        sum += score - a * logScore;
      }
      if (gradient != null) {
        double slope = y == x ? 0 : term.weight() * (score - a) / states;
        gradient.data[gradient.row(row) + y] = (float) slope;
      }
    }
    double constant =
        x == x0 ? (states - 1) * r * (Math.log(r) - 1) : (-Math.log(r) - 1) / r - (states - 2);
    return (sum + constant) / states;
  }
}
