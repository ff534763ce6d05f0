package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import io.sedd.diffusion.process.Graph;

/** Log scores in the place of logits of the clean token; formulas at the reference's kernel. */
final class MeanScoreKernel {

  private final RowKernels rows;
  private final RowPool pool;

  MeanScoreKernel(RowKernels rows, RowPool pool) {
    this.rows = rows;
    this.pool = pool;
  }

  void meanScores(Graph graph, Nd4jTensor logits, RowLayout layout, int[] own, double[] sigma) {
    pool.forRanges(
        logits.rows(),
        Math.max(1, Grain.rows(logits.columns()) / 8),
        (from, to, _) -> {
          for (int r = from; r < to; r++) {
            double e = Math.expm1(sigma[layout.sequenceOf(r)]);
            switch (graph) {
              case Graph.Absorbing absorbing -> {
                if (own[r] == absorbing.mask()) {
                  absorbing(logits.row(r), absorbing.tokens(), e);
                }
              }
              case Graph.Uniform uniform ->
                  uniform(logits.row(r), uniform.states(), own[r], e / (e + uniform.states()));
            }
          }
        });
  }

  private void absorbing(long logits, int tokens, double e) {
    float largest = rows.scores().maximum(logits, tokens);
    double sum = rows.scores().sumExponentials(logits, largest, tokens);
    float shift = (float) (largest + Math.log(sum) + Math.log(e));
    for (int y = 0; y < tokens; y++) {
      Memory.set(logits + 4L * y, Memory.get(logits + 4L * y) - shift);
    }
  }

  private void uniform(long logits, int states, int own, double r) {
    float largest = rows.scores().maximum(logits, states);
    float ofOwn = Memory.get(logits + 4L * own);
    rows.scores().weights(logits, largest, 0, states, logits);
    Memory.set(logits + 4L * own, 0);
    double others = rows.scores().sum(logits, states);
    double stay = Math.exp((double) ofOwn - largest);
    double base = (others + stay * r) / (others + stay);
    double factor = (1 / r - 1) / (others + stay);
    for (int y = 0; y < states; y++) {
      long at = logits + 4L * y;
      Memory.set(at, (float) Math.log(base + factor * Memory.get(at)));
    }
    Memory.set(logits + 4L * own, ofOwn);
  }
}
