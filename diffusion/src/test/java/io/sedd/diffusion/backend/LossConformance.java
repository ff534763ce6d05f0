package io.sedd.diffusion.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.diffusion.backend.Twins.Twin;
import io.sedd.diffusion.process.Graph;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The losses beside score entropy, and scores from the mean: relative error of a loss above 1, else
 * absolute, 2e-5; gradients and log scores, scaled, 1e-5.
 */
@SuppressWarnings("ReferenceEquality") // which of the two backends is meant
interface LossConformance {

  double LOSS = 2e-5;
  double LIMIT = 1e-5;

  Backend backend();

  @ParameterizedTest
  @ValueSource(ints = {2, 12, 33, 1023, 1024, 1025, 5003})
  default void scoreLossAgreesWithTheReference(int states) {
    int rows = 9;
    try (Twins twins = new Twins(backend(), states)) {
      int[] own = twins.indices(rows, states);
      int[] target = twins.indices(rows, states);
      target[3] = own[3];
      List<ScoreTerm> terms =
          IntStream.range(0, rows)
              .mapToObj(
                  r -> new ScoreTerm(-1, r % 2 == 0 ? 0 : 0.4, 0.1 * r, 0.02, 0.5, 3, 1, 2 - r))
              .toList();
      Twin logits = twins.random(rows, states);
      Twin gradient = twins.unset(rows, states);
      double[][] loss = new double[2][rows];
      double[][] alone = new double[2][rows];
      twins.run(
          (on, side) -> {
            int which = on == backend() ? 1 : 0;
            on.scoreLoss(side.of(logits), own, target, terms, alone[which], null);
            on.scoreLoss(side.of(logits), own, target, terms, loss[which], side.of(gradient));
            on.scoreLoss(side.of(logits), own, target, terms, new double[rows], side.of(logits));
          });
      assertLosses(loss, alone);
      twins.assertClose("gradient", gradient, LIMIT);
      twins.assertClose("gradient in the place of the logits", logits, LIMIT);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 12, 33, 1023, 1024, 1025, 5003})
  default void crossEntropyAgreesWithTheReference(int choices) {
    int rows = 7;
    for (int behind = 0; behind < 2; behind++) {
      int ignored = behind;
      try (Twins twins = new Twins(backend(), choices)) {
        int[] target = twins.indices(rows, choices);
        double[] weight = {1, 0, 2.5, 0.01, 1, 1, 3};
        Twin logits = twins.random(rows, choices + ignored, 3);
        Twin gradient = twins.unset(rows, choices + ignored);
        double[][] loss = new double[2][rows];
        double[][] alone = new double[2][rows];
        twins.run(
            (on, side) -> {
              int which = on == backend() ? 1 : 0;
              on.crossEntropy(side.of(logits), choices, target, weight, alone[which], null);
              on.crossEntropy(
                  side.of(logits), choices, target, weight, loss[which], side.of(gradient));
              on.crossEntropy(
                  side.of(logits), choices, target, weight, new double[rows], side.of(logits));
            });
        assertLosses(loss, alone);
        twins.assertClose("gradient", gradient, LIMIT);
        twins.assertClose("gradient in the place of the logits", logits, LIMIT);
      }
    }
  }

  private static void assertLosses(double[][] loss, double[][] alone) {
    for (int r = 0; r < loss[0].length; r++) {
      double limit = LOSS * Math.max(1, Math.abs(loss[0][r]));
      assertEquals(loss[0][r], loss[1][r], limit, "row " + r);
      assertEquals(loss[0][r], alone[1][r], limit, "no gradient, row " + r);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 12, 33, 1023, 1024, 1025, 5003})
  default void meanScoresAgreeWithTheReference(int states) {
    RowLayout layout = RowLayout.ofLengths(1, 13, 5).select(new int[] {0, 2, 3, 5, 7, 8, 11, 13});
    double[] sigma = {1e-3, 0.7, 6.9};
    for (Graph graph : List.of(new Graph.Absorbing(states - 1), new Graph.Uniform(states))) {
      try (Twins twins = new Twins(backend(), states)) {
        int[] own = twins.indices(layout.rows(), states);
        if (graph instanceof Graph.Absorbing absorbing) {
          own[0] = absorbing.mask();
          own[5] = absorbing.mask();
        }
        Twin logits = twins.random(layout.rows(), states, 2);
        twins.run((on, side) -> on.meanScores(graph, side.of(logits), layout, own, sigma));
        twins.assertClose("log scores, " + graph, logits, LIMIT);
      }
    }
  }

  /** A softmax does not depend on what its logits have in common. */
  @ParameterizedTest
  @CsvSource({"-1000, 33", "-1000, 301", "1000, 33", "1000, 301"})
  default void logitsFarFromZeroGiveWhatTheReferenceGives(int shift, int states) {
    int rows = 2;
    Random random = new Random(shift);
    float[] values = new float[rows * states];
    for (int i = 0; i < values.length; i++) {
      values[i] = shift + 3 * (float) random.nextGaussian();
    }
    RowLayout layout = RowLayout.ofLengths(rows);
    Graph graph = new Graph.Absorbing(states - 1);
    try (Twins twins = new Twins(backend(), shift)) {
      Twin logits = twins.of(rows, states, values);
      Twin gradient = twins.unset(rows, states);
      double[][] loss = new double[2][rows];
      float[][] scores = new float[2][];
      twins.run(
          (on, side) -> {
            int which = on == backend() ? 1 : 0;
            int[] target = {7, states - 1};
            double[] weight = {1, 2};
            on.crossEntropy(
                side.of(logits), states, target, weight, loss[which], side.of(gradient));
            int[] masks = {states - 1, states - 1};
            on.meanScores(graph, side.of(logits), layout, masks, new double[] {0.7});
            scores[which] = on.read(side.of(logits));
          });
      assertLosses(loss, loss);
      twins.assertClose("gradient", gradient, LIMIT);
      for (int i = 0; i < values.length; i++) {
        if (i % states < states - 1) { // the mask's own entry stays the logit it was
          assertEquals(scores[0][i], scores[1][i], 1e-4, "log score " + i);
        }
      }
    }
  }
}
