package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.EntropyTerm;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.ScoreTerm;
import io.sedd.diffusion.process.Graph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Losses that are sums over a row's scores s and their logarithms l, in double; logits, gradient
 * [R, V]. With the factors of {@link ScoreTerm}:
 *
 * <pre>
 *   d loss / d l(y) = square s(y)² + linear s(y) - log - [y = target] (targetLinear s(y) + targetLog)
 * </pre>
 *
 * <p>Sums come to the host, where the loss is put together.
 */
final class ScoreLossKernels {

  /** A row that cannot change: all its scores are 0. */
  private static final ScoreTerm UNREACHABLE =
      new ScoreTerm(-Double.MAX_VALUE, 0, 0, 0, 0, 0, 0, 0);

  private final Device device;

  ScoreLossKernels(Device device) {
    this.device = device;
  }

  /** Score entropy (arXiv 2310.16834, definition 3.2) is one of these losses for either graph. */
  void scoreEntropy(
      Graph graph,
      OpsTensor logits,
      RowLayout layout,
      int[] x,
      int[] x0,
      List<EntropyTerm> terms,
      double[] loss,
      OpsTensor gradient) {
    List<ScoreTerm> ofRows = new ArrayList<>();
    for (int r = 0; r < layout.rows(); r++) {
      ofRows.add(term(graph, x[r], x0[r], terms.get(layout.sequenceOf(r))));
    }
    scoreLoss(logits, x, x0, ofRows, loss, gradient);
  }

  /** With E = expm1(sigma), r = E/(E+V): the true ratio is 1/E at the mask, and 1/r, r or 1. */
  private static ScoreTerm term(Graph graph, int x, int x0, EntropyTerm term) {
    double e = Math.expm1(term.sigma());
    double v = graph.states();
    double r = e / (e + v);
    double offset = term.logOffset();
    double weight = term.weight();
    return switch (graph) {
      case Graph.Absorbing absorbing when x != absorbing.mask() -> UNREACHABLE;
      case Graph.Absorbing _ ->
          new ScoreTerm(offset, 0, 1, 0, 0, 1 / e, (Math.log(1 / e) - 1) / e, weight);
      case Graph.Uniform _ when x == x0 ->
          new ScoreTerm(offset, 0, 1 / v, r / v, 0, 0, (v - 1) / v * r * (Math.log(r) - 1), weight);
      case Graph.Uniform _ ->
          new ScoreTerm(
              offset, 0, 1 / v, 1 / v, 0, 1 / e, ((-Math.log(r) - 1) / r - (v - 2)) / v, weight);
    };
  }

  void scoreLoss(
      OpsTensor logits,
      int[] own,
      int[] target,
      List<ScoreTerm> terms,
      double[] loss,
      OpsTensor gradient) {
    for (Chunk chunk : Chunk.of(logits.rows(), logits.columns())) {
      try (Scope scope = device.scope()) {
        new Rows(
                scope,
                logits.rows(chunk.first(), chunk.rows()),
                Arrays.copyOfRange(own, chunk.first(), chunk.end()),
                Arrays.copyOfRange(target, chunk.first(), chunk.end()),
                terms.subList(chunk.first(), chunk.end()))
            .run(
                loss,
                chunk.first(),
                gradient == null ? null : gradient.rows(chunk.first(), chunk.rows()));
      }
    }
  }

  /** Some rows, [n, V]. */
  private static final class Rows {

    private final Scope scope;
    private final int[] own;
    private final int[] target;
    private final List<ScoreTerm> terms;
    private final int states;
    private final INDArray ownEntries;
    private final INDArray logits;

    Rows(Scope scope, INDArray logits, int[] own, int[] target, List<ScoreTerm> terms) {
      this.scope = scope;
      this.own = own;
      this.target = target;
      this.terms = terms;
      this.states = Math.toIntExact(logits.size(1));
      this.ownEntries = scope.entries(own, states);
      this.logits = scope.doublesOf(logits);
    }

    void run(double[] loss, int first, INDArray gradient) {
      scope.set(logits, ownEntries, 0);
      double[] ofTarget = scope.get(logits, scope.entries(target, states));
      double[] logitSums = scope.rowSums(logits);
      INDArray scores = logits;
      Ops.add(scores, column(ScoreTerm::logOffset), scores);
      Ops.exp(scores, scores);
      scope.set(scores, ownEntries, 0);
      double[] sums = scope.rowSums(scores);
      double[] squares = squares(scores);
      double[] targetSlopes = new double[own.length];
      for (int i = 0; i < own.length; i++) {
        ScoreTerm term = terms.get(i);
        double l = term.constant() + term.linear() * sums[i] + term.square() / 2 * squares[i];
        if (term.log() != 0) {
          l -= term.log() * (logitSums[i] + (states - 1) * term.logOffset());
        }
        if (target[i] != own[i]) {
          double logScore = ofTarget[i] + term.logOffset();
          double s = Math.exp(logScore);
          l -= term.targetLinear() * s + term.targetLog() * logScore;
          targetSlopes[i] =
              term.weight()
                  * ((term.square() * s + term.linear() - term.targetLinear()) * s
                      - term.log()
                      - term.targetLog());
        }
        loss[first + i] = l;
      }
      if (gradient != null) {
        slopes(scores, targetSlopes, gradient);
      }
    }

    private double[] squares(INDArray scores) {
      if (!hasSquares()) {
        return new double[own.length];
      }
      INDArray squares = scope.doubles(own.length, states);
      Ops.multiply(scores, scores, squares);
      return scope.rowSums(squares);
    }

    private boolean hasSquares() {
      return terms.stream().anyMatch(term -> term.square() != 0);
    }

    private void slopes(INDArray scores, double[] targetSlopes, INDArray gradient) {
      INDArray slopes = scores;
      if (hasSquares()) {
        slopes = scope.doubles(own.length, states);
        Ops.multiply(scores, column(term -> term.weight() * term.square()), slopes);
        Ops.add(slopes, column(term -> term.weight() * term.linear()), slopes);
        Ops.multiply(slopes, scores, slopes);
      } else {
        Ops.multiply(scores, column(term -> term.weight() * term.linear()), slopes);
      }
      Ops.subtract(slopes, column(term -> term.weight() * term.log()), slopes);
      Ops.scatterSet(
          Scope.flat(slopes),
          scope.entries(target, states),
          Scope.flat(scope.column(targetSlopes)));
      scope.set(slopes, ownEntries, 0);
      Ops.assign(slopes, gradient);
    }

    private INDArray column(ToDoubleFunction<ScoreTerm> factor) {
      return scope.column(terms.stream().mapToDouble(factor).toArray());
    }
  }
}
