package io.sedd.diffusion.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.diffusion.backend.Twins.Twin;
import io.sedd.diffusion.process.Graph;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Score entropy: relative error of a loss above 1, else absolute, 1e-5; gradient, scaled, 1e-5. */
@SuppressWarnings("ReferenceEquality") // which of the two backends is meant
interface ScoreEntropyConformance {

  double LIMIT = 1e-5;

  Backend backend();

  @ParameterizedTest
  @ValueSource(ints = {2, 12, 33, 1023, 1024, 1025, 5003})
  default void scoreEntropyAgreesWithTheReference(int states) {
    check(new Graph.Absorbing(states - 1));
    check(new Graph.Uniform(states));
  }

  private void check(Graph graph) {
    RowLayout layout = RowLayout.ofLengths(1, 13, 5).select(new int[] {0, 2, 3, 5, 7, 8, 11, 13});
    List<EntropyTerm> terms =
        List.of(
            new EntropyTerm(1e-3, 2.5, 7),
            new EntropyTerm(0.7, -1, 0.5),
            new EntropyTerm(6.9, 0, 1));
    int rows = layout.rows();
    try (Twins twins = new Twins(backend(), graph.states())) {
      int[] x0 = twins.indices(rows, graph.tokens());
      int[] x = twins.indices(rows, graph.states());
      for (int r = 0; r < rows; r += 3) {
        x[r] = graph instanceof Graph.Absorbing absorbing ? absorbing.mask() : x0[r];
      }
      Twin logits = twins.random(rows, graph.states());
      Twin gradient = twins.unset(rows, graph.states());
      double[][] loss = new double[2][rows];
      double[] withoutGradient = new double[rows];
      double[] inPlace = new double[rows];
      twins.run(
          (on, side) -> {
            Tensor scores = side.of(logits);
            double[] result = loss[on == backend() ? 1 : 0];
            on.scoreEntropy(graph, scores, layout, x, x0, terms, result, side.of(gradient));
            on.scoreEntropy(graph, scores, layout, x, x0, terms, withoutGradient, null);
            on.scoreEntropy(graph, scores, layout, x, x0, terms, inPlace, scores);
          });
      for (int r = 0; r < rows; r++) {
        double limit = LIMIT * Math.max(1, Math.abs(loss[0][r]));
        assertEquals(loss[0][r], loss[1][r], limit, graph + ", row " + r);
        assertEquals(loss[0][r], withoutGradient[r], limit, graph + ", no gradient, row " + r);
        assertEquals(loss[0][r], inPlace[r], limit, graph + ", in place, row " + r);
      }
      twins.assertClose("gradient, " + graph, gradient, LIMIT);
      twins.assertClose("gradient in the place of the logits, " + graph, logits, LIMIT);
    }
  }
}
