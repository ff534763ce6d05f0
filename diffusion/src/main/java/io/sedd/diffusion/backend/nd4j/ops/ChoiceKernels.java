package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.process.Graph;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What is made of a softmax over a row's first columns, in double: cross-entropy, and the scores
 * that follow from the mean (arXiv 2107.03006, section 3.3, for continuous time); logits [R, V].
 */
final class ChoiceKernels {

  private final Device device;

  ChoiceKernels(Device device) {
    this.device = device;
  }

  /**
   * Exponentials e^(l - largest) of some rows, [n, choices].
   *
   * @param sums of the exponentials of each row
   * @param picked logit of each row's column that was asked for
   */
  private record Exponentials(INDArray values, double[] largest, double[] sums, double[] picked) {

    static Exponentials of(
        Scope scope, OpsTensor logits, Chunk chunk, int choices, INDArray entries) {
      INDArray values = scope.doublesOf(logits.block(chunk.first(), chunk.rows(), 0, choices));
      double[] picked = entries == null ? null : scope.get(values, entries);
      INDArray largest = scope.doubles(chunk.rows(), 1);
      Ops.max(values, largest);
      Ops.subtract(values, largest, values);
      Ops.exp(values, values);
      return new Exponentials(values, Scope.toHost(largest), scope.rowSums(values), picked);
    }

    /** ln sum e^l of a row. */
    double logSum(int i) {
      return largest[i] + Math.log(sums[i]);
    }
  }

  /** loss = ln sum over y of e^l(y) - l(target), d loss / d l(y) = p(y) - [y = target]. */
  void crossEntropy(
      OpsTensor logits,
      int choices,
      int[] target,
      double[] weight,
      double[] loss,
      OpsTensor gradient) {
    int behind = logits.columns() - choices;
    for (Chunk chunk : Chunk.of(logits.rows(), logits.columns())) {
      try (Scope scope = device.scope()) {
        int n = chunk.rows();
        int[] targets = Arrays.copyOfRange(target, chunk.first(), chunk.end());
        INDArray entries = scope.entries(targets, choices);
        Exponentials e = Exponentials.of(scope, logits, chunk, choices, entries);
        double[] factors = new double[n];
        double[] slopes = new double[n];
        for (int i = 0; i < n; i++) {
          double logSum = e.logSum(i);
          loss[chunk.first() + i] = logSum - e.picked[i];
          factors[i] = weight[chunk.first() + i] / e.sums[i];
          slopes[i] = weight[chunk.first() + i] * (Math.exp(e.picked[i] - logSum) - 1);
        }
        if (gradient != null) {
          Ops.multiply(e.values, scope.column(factors), e.values);
          Ops.scatterSet(Scope.flat(e.values), entries, Scope.flat(scope.column(slopes)));
          Ops.assign(e.values, gradient.block(chunk.first(), n, 0, choices));
          if (behind > 0) {
            Ops.fill(gradient.block(chunk.first(), n, choices, behind), 0);
          }
        }
      }
    }
  }

  void meanScores(Graph graph, OpsTensor logits, RowLayout layout, int[] own, double[] sigma) {
    for (Chunk chunk : Chunk.of(logits.rows(), logits.columns())) {
      double[] e = new double[chunk.rows()];
      for (int i = 0; i < e.length; i++) {
        e[i] = Math.expm1(sigma[layout.sequenceOf(chunk.first() + i)]);
      }
      int[] owns = Arrays.copyOfRange(own, chunk.first(), chunk.end());
      try (Scope scope = device.scope()) {
        switch (graph) {
          case Graph.Absorbing absorbing -> absorbing(scope, absorbing, logits, chunk, owns, e);
          case Graph.Uniform _ -> uniform(scope, logits, chunk, owns, e);
        }
      }
    }
  }

  /** l(y) - ln sum e^l - ln E; 0 is taken off rows that are not masked. */
  private static void absorbing(
      Scope scope, Graph.Absorbing graph, OpsTensor logits, Chunk chunk, int[] own, double[] e) {
    Exponentials exponentials = Exponentials.of(scope, logits, chunk, graph.tokens(), null);
    float[] shifts = new float[own.length];
    for (int i = 0; i < own.length; i++) {
      shifts[i] = own[i] == graph.mask() ? (float) (exponentials.logSum(i) + Math.log(e[i])) : 0;
    }
    INDArray rows = logits.block(chunk.first(), own.length, 0, graph.tokens());
    Ops.subtract(rows, scope.of(shifts).reshape('c', own.length, 1), rows);
  }

  /** p(y | x0) / p(x | x0) is r where x0 = x, 1/r where x0 = y, 1 elsewhere; r = E/(E+V). */
  private static void uniform(Scope scope, OpsTensor logits, Chunk chunk, int[] own, double[] e) {
    int states = logits.columns();
    INDArray ownEntries = scope.entries(own, states);
    Exponentials exponentials = Exponentials.of(scope, logits, chunk, states, ownEntries);
    INDArray values = exponentials.values;
    double[] stay = scope.get(values, ownEntries);
    scope.set(values, ownEntries, 0);
    double[] leave = scope.rowSums(values);
    double[] factors = new double[own.length];
    double[] bases = new double[own.length];
    for (int i = 0; i < own.length; i++) {
      double r = e[i] / (e[i] + states);
      factors[i] = (1 / r - 1) / (leave[i] + stay[i]);
      bases[i] = (leave[i] + stay[i] * r) / (leave[i] + stay[i]);
    }
    Ops.multiply(values, scope.column(factors), values);
    Ops.add(values, scope.column(bases), values);
    Ops.log(values, values);
    Ops.scatterSet(Scope.flat(values), ownEntries, Scope.flat(scope.column(exponentials.picked)));
    Ops.assign(values, logits.rows(chunk.first(), own.length));
  }
}
