package io.sedd.trainer.objective;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.ScoreTerm;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.process.Graph;
import java.util.ArrayList;
import java.util.List;

/**
 * Concrete score matching (arXiv 2211.00802) in its denoising form: of each sequence g(t) times the
 * sum over its positions of
 *
 * <pre>
 *   (1 / A) sum over y != x of Q(x, y) (s(y) - a(y))² / 2,   a(y) = p(y | x0) / p(x | x0)
 * </pre>
 *
 * A is the largest ratio a(y): 1/E for the absorbing graph, 1/r for the uniform one. Without it the
 * squares of ratios up to 1/E would make the variance infinite at small times; the optimum does not
 * depend on it.
 */
public final class ConcreteScoreMatching extends NoisyObjective {

  public ConcreteScoreMatching(Graph graph, Backend backend) {
    super(graph, backend);
  }

  @Override
  public double[] evaluate(
      ScoreModel model, Tensor logits, NoisyBatch batch, double share, Tensor gradient) {
    int[] x = batch.wantedNoisy();
    int[] x0 = batch.wantedClean();
    List<ScoreTerm> terms = new ArrayList<>(x.length);
    for (int i = 0; i < x.length; i++) {
      int sequence = batch.input().wantedLayout().sequenceOf(i);
      double sigma = batch.input().sigma()[sequence];
      terms.add(term(sigma, x[i] == x0[i], model.logOffset(sigma), share * batch.rate()[sequence]));
    }
    double[] ofRows = new double[x.length];
    backend.scoreLoss(logits, x, x0, terms, ofRows, gradient);
    return batch.ratedSums(ofRows);
  }

  private ScoreTerm term(double sigma, boolean clean, double logOffset, double weight) {
    double e = Math.expm1(sigma);
    double v = graph.states();
    double r = e / (e + v);
    return switch (graph) {
      // a = 1/E at x0, 0 elsewhere
      case Graph.Absorbing _ -> new ScoreTerm(logOffset, e, 0, 0, 1, 0, 0.5 / e, weight);
      // a = r everywhere
      case Graph.Uniform _ when clean ->
          new ScoreTerm(
              logOffset, r / v, -r * r / v, 0, 0, 0, (v - 1) * r * r * r / (2 * v), weight);
      // a = 1/r at x0, 1 elsewhere
      case Graph.Uniform _ ->
          new ScoreTerm(
              logOffset,
              r / v,
              -r / v,
              0,
              (1 - r) / v,
              0,
              r / (2 * v) * (v - 2 + 1 / (r * r)),
              weight);
    };
  }
}
