package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.process.Graph;

/**
 * The score that follows from p(x0 | x), the mean parametrization of D3PM (arXiv 2107.03006,
 * section 3.3, for continuous time): s(y) = sum over x0 of p(x0 | x) p(y | x0) / p(x | x0); logits
 * [R, V], in place.
 */
final class MeanScoreKernel {

  private MeanScoreKernel() {}

  static void meanScores(
      Graph graph, ArrayTensor logits, RowLayout layout, int[] own, double[] sigma) {
    for (int r = 0; r < layout.rows(); r++) {
      double e = Math.expm1(sigma[layout.sequenceOf(r)]);
      switch (graph) {
        case Graph.Absorbing absorbing -> {
          if (own[r] == absorbing.mask()) {
            absorbing(logits, r, absorbing.tokens(), e);
          }
        }
        case Graph.Uniform uniform -> uniform(logits, r, own[r], e / (e + uniform.states()));
      }
    }
  }

  private static void absorbing(ArrayTensor logits, int row, int tokens, double e) {
    double shift = CrossEntropyKernel.logSum(logits, row, tokens) + Math.log(e);
    for (int y = 0; y < tokens; y++) {
      logits.data[logits.row(row) + y] -= (float) shift;
    }
  }

  /** p(y | x0) / p(x | x0) is r where x0 = x, 1/r where x0 = y, 1 elsewhere. */
  private static void uniform(ArrayTensor logits, int row, int own, double r) {
    double logSum = CrossEntropyKernel.logSum(logits, row, logits.columns);
    double leave = 0;
    for (int y = 0; y < logits.columns; y++) {
      leave += y == own ? 0 : Math.exp(logits.data[logits.row(row) + y] - logSum);
    }
    double stay = Math.exp(logits.data[logits.row(row) + own] - logSum);
    for (int y = 0; y < logits.columns; y++) {
      if (y != own) {
        double p = Math.exp(logits.data[logits.row(row) + y] - logSum);
        logits.data[logits.row(row) + y] = (float) Math.log(leave + stay * r + p * (1 / r - 1));
      }
    }
  }
}
