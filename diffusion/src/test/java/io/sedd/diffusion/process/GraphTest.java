package io.sedd.diffusion.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold for any noising process, whatever its numbers are. */
class GraphTest {

  static Graph[] graphs() {
    return new Graph[] {
      new Graph.Absorbing(1), new Graph.Absorbing(7), new Graph.Uniform(2), new Graph.Uniform(7)
    };
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void whatLeavesAStateArrivesSomewhere(Graph graph) {
    for (int x = 0; x < graph.states(); x++) {
      int from = x;
      assertEquals(0, sum(graph, y -> graph.rate(from, y)), 1e-15);
      assertEquals(1, sum(graph, y -> graph.transition(from, y, 0.7)), 1e-15);
    }
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void noiseOverTwoStretchesIsNoiseOverTheirSum(Graph graph) {
    for (int from = 0; from < graph.states(); from++) {
      for (int to = 0; to < graph.states(); to++) {
        int a = from;
        int b = to;
        double twice = sum(graph, z -> graph.transition(a, z, 0.3) * graph.transition(z, b, 1.1));
        assertEquals(graph.transition(a, b, 1.4), twice, 1e-15);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void theRateIsTheSlopeOfTheTransitionAtTheStart(Graph graph) {
    double d = 1e-7;
    for (int from = 0; from < graph.states(); from++) {
      for (int to = 0; to < graph.states(); to++) {
        double slope = (graph.transition(from, to, d) - (from == to ? 1 : 0)) / d;
        assertEquals(graph.rate(from, to), slope, 1e-6);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void endlessNoiseForgetsTheToken(Graph graph) {
    for (int y = 0; y < graph.states(); y++) {
      assertEquals(graph.limit(y), graph.transition(0, y, 60), 1e-15);
    }
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void theStaggeredScoreTimesTheTransitionIsThePosterior(Graph graph) {
    // p(token d earlier | x now) for a known token 0, by Bayes, with sigma = d + earlier
    double earlier = 0.4;
    double d = 0.9;
    int x = graph.states() - 1;
    double[] score = ratios(graph, 0, x, earlier + d);
    double[] staggered = graph.staggeredScore(score, d);
    double[] posterior = new double[graph.states()];
    double[] expected = new double[graph.states()];
    for (int y = 0; y < graph.states(); y++) {
      posterior[y] = staggered[y] * graph.transposedTransition(x, y, d);
      expected[y] =
          graph.transition(0, y, earlier)
              * graph.transition(y, x, d)
              / graph.transition(0, x, earlier + d);
    }
    assertArrayEquals(expected, posterior, 1e-13);
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void scoreEntropyIsZeroForTheTrueRatiosAndAboveForOthers(Graph graph) {
    int mask = graph.states() - 1;
    for (int x : new int[] {0, mask}) {
      for (double sigma : new double[] {1e-4, 0.3, 6.9}) {
        double[] logRatios = Arrays.stream(ratios(graph, 0, x, sigma)).map(Math::log).toArray();
        double scale = Math.exp(Arrays.stream(logRatios).max().orElseThrow());
        double least = graph.scoreEntropy(x, 0, finite(logRatios), sigma);
        assertEquals(0, least, 1e-12 * scale, graph + " at " + x);
        double[] off = finite(logRatios);
        off[0] += 0.5;
        boolean counts = x != 0 && (graph instanceof Graph.Uniform || x == graph.tokens());
        if (counts) {
          assertTrue(graph.scoreEntropy(x, 0, off, sigma) > 0, graph + " at " + x);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void reverseRatesSumToZero(Graph graph) {
    double[] score = IntStream.range(0, graph.states()).mapToDouble(y -> 1 + y).toArray();
    for (int x = 0; x < graph.states(); x++) {
      assertEquals(0, Arrays.stream(graph.reverseRate(x, score)).sum(), 1e-12);
    }
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void aTokenMovesOnlyBelowTheChanceOfMoving(Graph graph) {
    double chance = Graph.moveChance(0.5);
    int moved = graph instanceof Graph.Absorbing absorbing ? absorbing.mask() : 1;
    assertEquals(moved, graph.perturb(0, 0.5, Math.nextDown(chance), 1));
    assertEquals(0, graph.perturb(0, 0.5, chance, 1));
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void aGraphWithoutTokensIsRefused(Graph graph) {
    assertThrows(
        IllegalArgumentException.class,
        () -> {
          switch (graph) {
            case Graph.Absorbing _ -> new Graph.Absorbing(0);
            case Graph.Uniform _ -> new Graph.Uniform(0);
          }
        });
  }

  /** p(y at sigma | x0) / p(x at sigma | x0) for every y. */
  private static double[] ratios(Graph graph, int x0, int x, double sigma) {
    return IntStream.range(0, graph.states())
        .mapToDouble(y -> graph.transition(x0, y, sigma) / graph.transition(x0, x, sigma))
        .toArray();
  }

  /** With e^-700 for a ratio of 0. */
  private static double[] finite(double[] logScore) {
    return Arrays.stream(logScore).map(s -> Math.max(s, -700)).toArray();
  }

  private static double sum(Graph graph, java.util.function.IntToDoubleFunction term) {
    return IntStream.range(0, graph.states()).mapToDouble(term).sum();
  }
}
