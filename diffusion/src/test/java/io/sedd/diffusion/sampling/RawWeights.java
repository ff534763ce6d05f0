package io.sedd.diffusion.sampling;

import io.sedd.diffusion.process.Graph;

/** A kernel's weights over the next state as they come, negative ones included. */
final class RawWeights {

  private RawWeights() {}

  /**
   * Weights of a position in state {@code own}: one-hot where it is a revealed token of the
   * absorbing graph.
   *
   * @param score s(y) of every state, 1 at {@code own}
   */
  static double[] of(Graph graph, ReverseKernel kernel, int own, double[] score) {
    double[] weights = new double[score.length];
    if (graph instanceof Graph.Absorbing absorbing && own != absorbing.mask()) {
      weights[own] = 1;
      return weights;
    }
    double z = 0;
    for (double s : score) {
      z += s;
    }
    for (int y = 0; y < weights.length; y++) {
      weights[y] = kernel.alpha() * score[y] + kernel.beta() * z;
    }
    weights[own] = kernel.gamma() + kernel.delta() * z;
    return weights;
  }

  /** The distribution that is drawn from: negative weights count as 0. */
  static double[] normalised(double[] weights) {
    double[] probabilities = new double[weights.length];
    double total = 0;
    for (double w : weights) {
      total += Math.max(0, w);
    }
    for (int y = 0; y < weights.length; y++) {
      probabilities[y] = Math.max(0, weights[y]) / total;
    }
    return probabilities;
  }
}
