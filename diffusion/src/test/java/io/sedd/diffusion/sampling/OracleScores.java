package io.sedd.diffusion.sampling;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ScoreModel;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * Exact scores in the network's place. A sequence of even length is taken as independent pairs of
 * the oracle's distribution, laid side by side, so that one lane makes many draws.
 */
final class OracleScores implements ScoreModel {

  private final Oracle oracle;
  private final Backend backend;
  private final NetworkShape shape;
  private final Map<Double, float[][]> tables = new HashMap<>();

  OracleScores(Oracle oracle, Backend backend, int length) {
    this.oracle = oracle;
    this.backend = backend;
    this.shape = new NetworkShape(oracle.graph().states(), 2, 1, length, 1, 1, false);
  }

  @Override
  public NetworkShape shape() {
    return shape;
  }

  @Override
  public Tensor logits(NetworkInput input, Workspace workspace) {
    int v = shape.states();
    int[] wanted = input.wanted();
    float[] logits = new float[wanted.length * v];
    double tabled = Double.NaN;
    float[][] table = {};
    for (int i = 0; i < wanted.length; i++) {
      int position = input.wantedLayout().positionOf(i);
      int first = wanted[i] - position % 2;
      int state = input.tokens()[first] * v + input.tokens()[first + 1];
      double sigma = input.sigma()[input.wantedLayout().sequenceOf(i)];
      if (sigma != tabled) {
        tabled = sigma;
        table = tables.computeIfAbsent(sigma, this::table);
      }
      System.arraycopy(table[2 * state + position % 2], 0, logits, i * v, v);
    }
    Tensor tensor = workspace.take(wanted.length, v);
    backend.write(MemorySegment.ofArray(logits), tensor);
    return tensor;
  }

  /** Log scores at sigma of every state's two positions, one after the other. */
  private float[][] table(double sigma) {
    double[] marginal = oracle.marginal(sigma);
    float[][] table = new float[2 * oracle.states()][shape.states()];
    for (int i = 0; i < table.length; i++) {
      double[] score = oracle.score(marginal, i / 2, i % 2);
      for (int y = 0; y < score.length; y++) {
        table[i][y] = (float) Math.log(score[y]);
      }
    }
    return table;
  }
}
