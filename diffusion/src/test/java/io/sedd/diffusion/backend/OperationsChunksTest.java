package io.sedd.diffusion.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.Twins.Twin;
import io.sedd.diffusion.backend.nd4j.Nd4jOperations;
import io.sedd.diffusion.process.Graph;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * ND4J's own operations on batches that they take in parts: of 1,024 rows, 2^21 elements, 64 rows
 * of a draw, 256 of a sum by token, 2^24 logits of attention. In each the last part is of one row
 * or element, for which ND4J has special cases. Tolerances are those of {@link BackendConformance}.
 */
@SuppressWarnings("ReferenceEquality") // which of the two backends is meant
class OperationsChunksTest {

  private static final int ROWS = 1025;

  /** A sequence over the border, and one of its last row alone. */
  private static final RowLayout LAYOUT = RowLayout.ofLengths(1000, 24, 1);

  private static final Backend BACKEND = Nd4jOperations.open(new BackendOptions(2, 0));

  @AfterAll
  static void close() {
    BACKEND.close();
  }

  @Test
  void rowsOfSeveralPartsAreNormalizedAndGated() {
    int h = 6;
    try (Twins twins = new Twins(BACKEND, 1)) {
      Twin x = twins.random(ROWS, h, 3);
      Twin weight = twins.random(1, h);
      Twin modulation = twins.random(3, 3 * h);
      Twin statistics = twins.unset(ROWS, 2);
      Twin z = twins.unset(ROWS, h);
      Twin dx = twins.random(ROWS, h);
      Twin dWeight = twins.random(1, h);
      Twin dModulation = twins.random(3, 3 * h);
      Twin dBranch = twins.unset(ROWS, h);
      twins.run(
          (on, side) -> {
            Tensor m = side.of(modulation);
            on.normModulate(
                side.of(x), side.of(weight), m, 0, h, LAYOUT, side.of(statistics), side.of(z));
            on.normModulateBackward(
                side.of(z),
                side.of(x),
                side.of(weight),
                m,
                0,
                h,
                LAYOUT,
                side.of(statistics),
                side.of(dx),
                side.of(dWeight),
                side.of(dModulation));
            on.addGated(side.of(z), m, 2 * h, LAYOUT, side.of(x));
            on.addGatedBackward(
                side.of(dx), side.of(x), m, 2 * h, LAYOUT, side.of(dBranch), side.of(dModulation));
          });
      twins.assertClose("z", z, 1e-5);
      twins.assertClose("x", x, 1e-5);
      twins.assertClose("dx", dx, 3e-5);
      twins.assertClose("dWeight", dWeight, 3e-5);
      twins.assertClose("dModulation", dModulation, 3e-5);
      twins.assertClose("dBranch", dBranch, 3e-5);
    }
  }

  @Test
  void rowsOfSeveralPartsAreRotatedDroppedAndLookedUp() {
    int[] tokens = IntStream.range(0, ROWS).map(i -> i * i % 7).toArray();
    try (Twins twins = new Twins(BACKEND, 2)) {
      Twin qkv = twins.random(ROWS, 12);
      Twin dx = twins.random(ROWS, 12);
      Twin dTable = twins.random(7, 12);
      twins.run(
          (on, side) -> {
            on.rotate(side.of(qkv), 2, LAYOUT);
            on.dropout(new Dropout(0.3, 5, 17, 3), 4, LAYOUT, side.of(dx));
            on.embedBackward(side.of(dx), tokens, side.of(dTable));
          });
      twins.assertClose("qkv", qkv, 1e-5);
      twins.assertClose("dx", dx, 0);
      twins.assertClose("dTable", dTable, 3e-5);
    }
  }

  @Test
  void elementsOfSeveralPartsAreActivated() {
    int rows = 3;
    int out = ((1 << 21) + 1) / rows;
    try (Twins twins = new Twins(BACKEND, 8)) {
      Twin x = twins.random(rows, 1);
      Twin weight = twins.random(out, 1);
      Twin kept = twins.unset(rows, out);
      Twin y = twins.unset(rows, out);
      Twin dx = twins.unset(rows, 1);
      Twin dWeight = twins.random(out, 1);
      twins.run(
          (on, side) -> {
            Tensor u = side.of(kept);
            on.linear(side.of(x), side.of(weight), null, Activation.GELU, u, side.of(y));
            on.linearBackward(
                side.of(y),
                side.of(x),
                side.of(weight),
                Activation.GELU,
                u,
                side.of(dx),
                side.of(dWeight),
                null);
          });
      twins.assertClose("preActivation", kept, 1e-5);
      twins.assertClose("dy", y, 3e-5);
      twins.assertClose("dx", dx, 3e-5);
      twins.assertClose("dWeight", dWeight, 3e-5);
    }
  }

  @Test
  void aTableOfOneRowGetsTheSumOfAllRows() {
    try (Twins twins = new Twins(BACKEND, 7)) {
      Twin dy = twins.random(300, 12);
      Twin dx = twins.random(1, 12);
      twins.run((on, side) -> on.gatherRowsBackward(side.of(dy), new int[300], side.of(dx)));
      twins.assertClose("dx", dx, 3e-5);
    }
  }

  @Test
  void rowsOfSeveralPartsHaveTheirLosses() {
    int states = 5;
    try (Twins twins = new Twins(BACKEND, 3)) {
      int[] own = twins.indices(ROWS, states);
      int[] target = twins.indices(ROWS, states - 1);
      double[] weights = new double[ROWS];
      Arrays.fill(weights, 1);
      List<ScoreTerm> terms =
          IntStream.range(0, ROWS)
              .mapToObj(r -> new ScoreTerm(-1, 0.1, 0.2, 0.02, 0.5, 3, 1, r % 3))
              .toList();
      double[] sigma = {0.1, 1, 3};
      List<EntropyTerm> entropies =
          List.of(
              new EntropyTerm(0.1, 2.5, 7), new EntropyTerm(1, -1, 0.5), new EntropyTerm(3, 0, 1));
      Twin logits = twins.random(ROWS, states);
      Twin cross = twins.unset(ROWS, states);
      Twin score = twins.unset(ROWS, states);
      Twin entropy = twins.unset(ROWS, states);
      double[][] losses = new double[6][ROWS];
      twins.run(
          (on, side) -> {
            int at = on == BACKEND ? 3 : 0;
            Tensor l = side.of(logits);
            on.crossEntropy(l, states - 1, target, weights, losses[at], side.of(cross));
            on.scoreLoss(l, own, target, terms, losses[at + 1], side.of(score));
            on.scoreEntropy(
                new Graph.Absorbing(states - 1),
                l,
                LAYOUT,
                own,
                target,
                entropies,
                losses[at + 2],
                side.of(entropy));
            on.meanScores(new Graph.Uniform(states), l, LAYOUT, own, sigma);
          });
      for (int kind = 0; kind < 3; kind++) {
        for (int r = 0; r < ROWS; r++) {
          double limit = 2e-5 * Math.max(1, Math.abs(losses[kind][r]));
          assertEquals(losses[kind][r], losses[kind + 3][r], limit, kind + ", row " + r);
        }
      }
      twins.assertClose("cross-entropy", cross, 1e-5);
      twins.assertClose("score loss", score, 1e-5);
      twins.assertClose("score entropy", entropy, 1e-5);
      twins.assertClose("scores", logits, 1e-5);
    }
  }

  @Test
  void rowsOfSeveralPartsAreDrawnAlikeAndTheBadOneIsNamed() {
    int states = 9;
    try (Twins twins = new Twins(BACKEND, 4)) {
      Twin logits = twins.random(129, states);
      int[] own = new int[129];
      Arrays.fill(own, states - 1);
      int[][] drawn = new int[2][129];
      RowLayout layout = RowLayout.ofLengths(60, 69);
      twins.run(
          (on, side) ->
              on.draw(
                  side.of(logits), layout, own, Rules.absorbing(2), drawn[on == BACKEND ? 1 : 0]));
      assertArrayEquals(drawn[0], drawn[1]);
      BACKEND.fill(logits.actual().view(100 * states, 1, 1), Float.NaN);
      ArithmeticException refused =
          assertThrows(
              ArithmeticException.class,
              () -> BACKEND.draw(logits.actual(), layout, own, Rules.absorbing(2), drawn[1]));
      assertTrue(
          refused.getMessage().startsWith("draw: row 100 (sequence 1, position 40)"),
          refused.getMessage());
    }
  }

  /** Twice as many queries as are taken at once, and one. */
  @Test
  void queriesOfSeveralPartsAttend() {
    int length = 5793;
    RowLayout layout = RowLayout.ofLengths(length);
    try (Twins twins = new Twins(BACKEND, 5)) {
      Twin qkv = twins.random(length, 3);
      Twin logSums = twins.unset(length, 1);
      Twin mix = twins.unset(length, 1);
      Twin dMix = twins.random(length, 1);
      Twin dqkv = twins.unset(length, 3);
      twins.run(
          (on, side) -> {
            on.attend(
                side.of(qkv), 1, layout, AttentionMask.CAUSAL, side.of(logSums), side.of(mix));
            on.attendBackward(
                side.of(dMix),
                side.of(qkv),
                side.of(mix),
                side.of(logSums),
                1,
                layout,
                AttentionMask.CAUSAL,
                side.of(dqkv));
          });
      twins.assertClose("mix", mix, 1e-5);
      twins.assertClose("logSums", logSums, 1e-5);
      twins.assertClose("dqkv", dqkv, 5e-5);
    }
  }

  @Test
  void elementsOfSeveralPartsAreUpdatedSummedAndRead() {
    int size = (1 << 21) + 1;
    try (Twins twins = new Twins(BACKEND, 6)) {
      Twin gradient = twins.random(1, size);
      Twin parameters = twins.random(1, size);
      Twin first = twins.random(1, size);
      Twin second = twins.of(1, size, new float[size]);
      Twin average = twins.random(1, size);
      double[] sums = new double[2];
      twins.run(
          (on, side) -> {
            sums[on == BACKEND ? 1 : 0] = on.sumOfSquares(side.of(gradient));
            on.adamW(
                new AdamWStep(1, 3e-2, 0.9, 0.999, 1e-8, 0.1, 0.3, 0.25, 0.2),
                side.of(gradient),
                side.of(parameters),
                side.of(first),
                side.of(second),
                side.of(average));
          });
      assertEquals(sums[0], sums[1], 1e-9 * sums[0]);
      twins.assertClose("parameters", parameters, 2e-6);
      twins.assertClose("average", average, 2e-6);
    }
  }
}
