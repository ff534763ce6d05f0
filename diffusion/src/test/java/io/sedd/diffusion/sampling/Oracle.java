package io.sedd.diffusion.sampling;

import io.sedd.diffusion.process.Graph;
import java.util.Arrays;

/**
 * A known distribution of pairs of tokens under noise, everything about it exact. A noisy pair (a,
 * b) is state a V + b, a clean one is number a T + b, with T tokens.
 */
final class Oracle {

  private final Graph graph;
  private final double[] p0;

  /**
   * An oracle for clean pairs.
   *
   * @param p0 probability of every clean pair, row-major
   */
  Oracle(Graph graph, double[] p0) {
    this.graph = graph;
    this.p0 = p0.clone();
    if (p0.length != graph.tokens() * graph.tokens()) {
      throw new IllegalArgumentException(p0.length + " pairs of " + graph.tokens() + " tokens");
    }
  }

  Graph graph() {
    return graph;
  }

  /** Number of noisy pairs. */
  int states() {
    return graph.states() * graph.states();
  }

  /** Number of clean pairs. */
  int cleanPairs() {
    return p0.length;
  }

  /** Probability of a clean pair. */
  double p0(int pair) {
    return p0[pair];
  }

  /** p(noisy pair | clean pair) at sigma, over the noisy pairs. */
  double[] conditional(int clean, double sigma) {
    int v = graph.states();
    double[] p = new double[states()];
    for (int a = 0; a < v; a++) {
      for (int b = 0; b < v; b++) {
        p[a * v + b] =
            graph.transition(clean / graph.tokens(), a, sigma)
                * graph.transition(clean % graph.tokens(), b, sigma);
      }
    }
    return p;
  }

  /** The noisy distribution p_sigma. */
  double[] marginal(double sigma) {
    double[] p = new double[states()];
    for (int clean = 0; clean < p0.length; clean++) {
      double[] conditional = conditional(clean, sigma);
      for (int s = 0; s < p.length; s++) {
        p[s] += p0[clean] * conditional[s];
      }
    }
    return p;
  }

  /** The distribution that sampling starts from. */
  double[] prior() {
    int v = graph.states();
    double[] p = new double[states()];
    Arrays.setAll(p, s -> graph.limit(s / v) * graph.limit(s % v));
    return p;
  }

  /** The exact score of one position of a pair: p(pair with y there) / p(pair), for every y. */
  double[] score(double[] marginal, int state, int position) {
    int v = graph.states();
    double[] score = new double[v];
    for (int y = 0; y < v; y++) {
      int other = position == 0 ? y * v + state % v : state / v * v + y;
      score[y] = marginal[other] / marginal[state];
    }
    return score;
  }

  /** The state of one position of a pair. */
  int at(int state, int position) {
    return position == 0 ? state / graph.states() : state % graph.states();
  }

  /** Where a distribution goes in one step that takes the exact score at sigma. */
  double[] push(double[] p, double sigma, ReverseKernel kernel) {
    int v = graph.states();
    double[] marginal = marginal(sigma);
    double[] pushed = new double[states()];
    for (int s = 0; s < p.length; s++) {
      if (p[s] == 0) {
        continue;
      }
      double[] first = next(kernel, marginal, s, 0);
      double[] second = next(kernel, marginal, s, 1);
      for (int a = 0; a < v; a++) {
        for (int b = 0; b < v; b++) {
          pushed[a * v + b] += p[s] * first[a] * second[b];
        }
      }
    }
    return pushed;
  }

  private double[] next(ReverseKernel kernel, double[] marginal, int state, int position) {
    return RawWeights.normalised(
        RawWeights.of(graph, kernel, at(state, position), score(marginal, state, position)));
  }

  /** The part of a distribution over noisy pairs that lies on clean ones. */
  double[] clean(double[] p) {
    int t = graph.tokens();
    double[] clean = new double[t * t];
    Arrays.setAll(clean, c -> p[c / t * graph.states() + c % t]);
    return clean;
  }
}
