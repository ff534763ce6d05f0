package io.sedd.diffusion.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.diffusion.process.Graph;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeanPredictionTest {

  private static final double[] P0 = {0.5, 0.2, 0.3};
  private static final double SIGMA = 0.8;

  /** One token of a known distribution: its posterior in, the ratios of its marginals out. */
  @Test
  void theTruePosteriorGivesTheTrueScores() {
    try (Backend backend = new ReferenceBackend()) {
      for (Graph graph : List.of(new Graph.Absorbing(3), new Graph.Uniform(3))) {
        for (int x = graph instanceof Graph.Absorbing ? 3 : 0; x < graph.states(); x++) {
          float[] logScores = fromPosterior(graph, x, backend);
          for (int y = 0; y < 3; y++) {
            if (y != x) {
              double expected = Math.log(marginal(graph, y) / marginal(graph, x));
              assertEquals(expected, logScores[y], 1e-6, graph + " from " + x + " to " + y);
            }
          }
        }
      }
    }
  }

  private static double marginal(Graph graph, int x) {
    double sum = 0;
    for (int x0 = 0; x0 < P0.length; x0++) {
      sum += P0[x0] * graph.transition(x0, x, SIGMA);
    }
    return sum;
  }

  private static float[] fromPosterior(Graph graph, int x, Backend backend) {
    float[] logits = new float[graph.states()];
    for (int x0 = 0; x0 < P0.length; x0++) {
      // any constant may be added to logits
      logits[x0] =
          (float) (5 + Math.log(P0[x0] * graph.transition(x0, x, SIGMA) / marginal(graph, x)));
    }
    try (Tensor tensor = backend.allocate(1, graph.states())) {
      backend.write(MemorySegment.ofArray(logits), tensor);
      backend.meanScores(
          graph, tensor, RowLayout.ofLengths(1), new int[] {x}, new double[] {SIGMA});
      return backend.read(tensor);
    }
  }
}
