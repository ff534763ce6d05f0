package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.EntropyTerm;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import io.sedd.diffusion.process.Graph;
import java.util.List;

/**
 * Score entropy (arXiv 2310.16834, definition 3.2). For either graph it is one form, over the
 * states y != own, with scores s and log scores l:
 *
 * <pre>
 *   loss = a sum s(y) - b sum l(y) - c l(x0) + k;   gradient(y) = a s(y) - b - c [y = x0]
 * </pre>
 */
final class EntropyKernel {

  private final RowKernels rows;
  private final RowPool pool;

  EntropyKernel(RowKernels rows, RowPool pool) {
    this.rows = rows;
    this.pool = pool;
  }

  void scoreEntropy(
      Graph graph,
      Nd4jTensor logits,
      RowLayout layout,
      int[] x,
      int[] x0,
      List<EntropyTerm> terms,
      double[] loss,
      Nd4jTensor gradient) {
    int states = logits.columns();
    // four times a simple loop's work
    pool.forRanges(
        logits.rows(),
        Math.max(1, Grain.rows(states) / 4),
        (from, to, _) -> {
          for (int r = from; r < to; r++) {
            EntropyTerm term = terms.get(layout.sequenceOf(r));
            long target = gradient == null ? 0 : gradient.row(r);
            if (graph instanceof Graph.Absorbing absorbing && x[r] != absorbing.mask()) {
              loss[r] = 0;
              if (gradient != null) {
                Memory.clear(target, states);
              }
              continue;
            }
            loss[r] =
                row(
                    Form.of(graph, term.sigma(), x[r] == x0[r]),
                    term,
                    logits.row(r),
                    states,
                    x[r],
                    x0[r],
                    target);
          }
        });
  }

  private double row(
      Form form, EntropyTerm term, long logits, int states, int own, int x0, long gradient) {
    double logScoreOfX0 = own == x0 ? 0 : Memory.get(logits + 4L * x0) + term.logOffset();
    double[] sums = new double[2];
    float offset = (float) term.logOffset();
    float a = (float) (term.weight() * form.a);
    float b = (float) (term.weight() * form.b);
    rows.scores().entropy(logits, offset, a, b, own, gradient, sums);
    long after = 4L * (own + 1);
    long gradientAfter = gradient == 0 ? 0 : gradient + after;
    rows.scores().entropy(logits + after, offset, a, b, states - own - 1, gradientAfter, sums);
    if (gradient != 0) {
      if (own != x0) {
        double score = Math.exp(logScoreOfX0);
        double slope = term.weight() * (form.a * score - form.b - form.c);
        Memory.set(gradient + 4L * x0, (float) slope);
      }
      Memory.set(gradient + 4L * own, 0);
    }
    double logScores = sums[1] + (states - 1) * term.logOffset();
    return form.a * sums[0] - form.b * logScores - form.c * logScoreOfX0 + form.k;
  }

  /** The constants of the form; E = expm1(sigma), r = E/(E+V). */
  private record Form(double a, double b, double c, double k) {

    static Form of(Graph graph, double sigma, boolean clean) {
      double e = Math.expm1(sigma);
      double v = graph.states();
      double r = e / (e + v);
      return switch (graph) {
        case Graph.Absorbing _ -> new Form(1, 0, 1 / e, (Math.log(1 / e) - 1) / e);
        case Graph.Uniform _ when clean ->
            new Form(1 / v, r / v, 0, (v - 1) / v * r * (Math.log(r) - 1));
        case Graph.Uniform _ ->
            new Form(1 / v, 1 / v, 1 / e, ((-Math.log(r) - 1) / r - (v - 2)) / v);
      };
    }
  }
}
