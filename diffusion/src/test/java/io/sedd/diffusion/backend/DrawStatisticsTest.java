package io.sedd.diffusion.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.reference.DrawKernel;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Counts of the reference's draws against probabilities that are computed here from the predictors'
 * formulas. Keys are fixed, so a test that passes once passes always; for other keys each
 * chi-square would raise a false alarm once in a million.
 */
class DrawStatisticsTest {

  private static final int DRAWS = 100_000;

  @Test
  void anAbsorbingRowIsDrawnByItsPredictor() {
    double[] scores = scores(12, 11, 0.05);
    double sum = Arrays.stream(scores).sum();
    double d = 0.6;
    double[] analytic = scaled(scores, Math.expm1(d));
    analytic[11] = Math.exp(d) + (1 - Math.exp(d)) * sum;
    check("analytic", scores, 11, Rules.absorbingAnalytic(d), analytic);
    double[] euler = scaled(scores, d);
    euler[11] = 1 - d * (sum - 1);
    check("Euler", scores, 11, Rules.absorbingEuler(d), euler);
    double[] last = scaled(scores, Math.expm1(d));
    last[11] = 0;
    check("final", scores, 11, Rules.absorbingFinal(d), last);
  }

  @Test
  void aUniformRowIsDrawnByItsPredictor() {
    double[] scores = scores(12, 4, 1);
    double sum = Arrays.stream(scores).sum();
    double d = 0.6;
    double[] analytic = new double[12];
    for (int y = 0; y < 12; y++) {
      double staggered = Math.exp(d) * scores[y] - Math.expm1(d) / 12 * sum;
      double transition = (y == 4 ? Math.exp(-d) : 0) - Math.expm1(-d) / 12;
      analytic[y] = Math.max(0, staggered * transition);
    }
    assertTrue(Arrays.stream(analytic).anyMatch(w -> w == 0), "no weight is cut off at 0");
    check("analytic", scores, 4, Rules.uniformAnalytic(d, 12), analytic);
    double[] euler = scaled(scores, d / 12);
    euler[4] = 1 - d / 12 * (sum - 1);
    check("Euler", scores, 4, Rules.uniformEuler(d, 12), euler);
  }

  @Test
  void aRowOfSeveralBlocksIsDrawnByItsWeights() {
    int states = 2500;
    double[] scores = scores(states, states - 1, 1e-3);
    double[] last = scaled(scores, 1);
    last[states - 1] = 0;
    check("final", scores, states - 1, Rules.absorbingFinal(1), last, 1, 1, 30_000);
  }

  @Test
  void temperatureChangesTheTokenAndNotTheChanceOfRevealing() {
    double[] scores = scores(12, 11, 0.05);
    double[] weights = scaled(scores, 0.5);
    weights[11] = 1 - 0.5 * (Arrays.stream(scores).sum() - 1);
    for (double temperature : new double[] {0.3, 0.8, 1.7}) {
      check("T", scores, 11, Rules.absorbingEuler(0.5), weights, temperature, 1, DRAWS);
    }
  }

  @Test
  void topPKeepsTheMostProbableTokensAndTheChanceOfRevealing() {
    double[] scores = scores(12, 4, 1);
    double[] weights = scaled(scores, 0.04);
    weights[4] = 1 - 0.04 * (Arrays.stream(scores).sum() - 1);
    DrawRule rule = Rules.uniformEuler(0.04 * 12, 12);
    for (double topP : new double[] {0.01, 0.5, 0.9, 1}) {
      check("top-p", scores, 4, rule, weights, 1, topP, DRAWS);
      check("top-p and T", scores, 4, rule, weights, 0.7, topP, DRAWS);
    }
  }

  @Test
  void ofEquallyProbableTokensTopPKeepsTheLower() {
    double[] scores = {1, 2, 2, 2, 1};
    double[] weights = {1, 2, 2, 2, 0};
    DrawRule rule = Rules.absorbingFinal(1);
    check("ties", scores, 4, rule, weights, 1, 0.5, DRAWS);
  }

  /**
   * A state of probability 1e-5 in 2 million draws: Poisson of mean 20, below 3 or above 47 once in
   * a million.
   */
  @Test
  void aRareStateComesAsOftenAsItShould() {
    double[] scores = {1 - 1e-5, 1e-5, 1};
    long[] counts = count(scores, 2, Rules.absorbingFinal(1), 2_000_000);
    assertTrue(counts[1] >= 3 && counts[1] <= 47, "drawn " + counts[1] + " times");
    assertEquals(2_000_000, counts[0] + counts[1]);
  }

  /**
   * A hundred thousand states of probability 1e-7 each around one of 0.99: of 200 evenly spaced
   * numbers the first and the last alone point into the tail.
   */
  @Test
  void aLongTailHasItsWholeShare() {
    float[] logits = new float[100_002];
    Arrays.fill(logits, (float) Math.log(1e-7));
    logits[50_000] = (float) Math.log(0.99);
    DrawRule rule = Rules.absorbingFinal(1);
    int[] drawn =
        IntStream.range(0, 200)
            .map(i -> DrawKernel.draw(logits, 100_001, rule, (i + 0.5) / 200))
            .toArray();
    // 0.0025 and 0.9975 of the whole lie in the middle of the tail's two halves of 0.005
    assertEquals(25_000, drawn[0], 10);
    assertEquals(75_000, drawn[199], 10);
    assertTrue(Arrays.stream(drawn, 1, 199).allMatch(y -> y == 50_000));
  }

  @Test
  void aStateOfProbability2ToTheMinus50IsReachedByTheNumbersThatPointAtIt() {
    float[] logits = {0, (float) Math.log(0x1p-50), 0};
    DrawRule rule = Rules.absorbingFinal(1);
    assertEquals(1, DrawKernel.draw(logits, 2, rule, 1 - 0x1p-53));
    assertEquals(1, DrawKernel.draw(logits, 2, rule, 1 - 0x1p-51));
    assertEquals(0, DrawKernel.draw(logits, 2, rule, 1 - 0x1p-49));
  }

  @Test
  void theFarEndOfTheIntervalIsAStateThatHasWeight() {
    DrawRule rule = Rules.absorbingFinal(1);
    float[] logits = new float[3000];
    Arrays.fill(logits, Float.NEGATIVE_INFINITY);
    for (int y = 0; y < 1000; y++) {
      logits[y] = (float) Math.log(0.1 + y);
    }
    assertEquals(999, DrawKernel.draw(logits, 2999, rule, Math.nextDown(1.0)));
    assertEquals(0, DrawKernel.draw(logits, 2999, rule, 0));
    DrawRule stay = new DrawRule(0, 0, 1, 0, 0, 1, 1, 0, 0, 0);
    assertEquals(2999, DrawKernel.draw(logits, 2999, stay, Math.nextDown(1.0)));
  }

  @Test
  void weightsAreTheRawOnesOfTheRule() {
    float[] logits = {0.5f, -1, 9, 2};
    DrawRule rule = new DrawRule(0.5, -0.1, 2, -0.3, 0.25, 1, 1, 0, 0, 0);
    double z = Math.exp(0.75) + Math.exp(-0.75) + 1 + Math.exp(2.25);
    double[] expected = {
      0.5 * Math.exp(0.75) - 0.1 * z,
      0.5 * Math.exp(-0.75) - 0.1 * z,
      2 - 0.3 * z,
      0.5 * Math.exp(2.25) - 0.1 * z
    };
    double[] weights = DrawKernel.weights(logits, 2, rule);
    for (int y = 0; y < 4; y++) {
      assertEquals(expected[y], weights[y], 1e-12);
    }
  }

  /** Log-normal scores of about this mean, 1 at the own state. */
  private static double[] scores(int states, int own, double mean) {
    Random random = new Random(states);
    double[] scores = new double[states];
    for (int y = 0; y < states; y++) {
      scores[y] = y == own ? 1 : (float) (mean * Math.exp(1.5 * random.nextGaussian() - 1.125));
    }
    return scores;
  }

  private static double[] scaled(double[] scores, double factor) {
    return Arrays.stream(scores).map(s -> factor * s).toArray();
  }

  private static void check(
      String what, double[] scores, int own, DrawRule rule, double[] weights) {
    check(what, scores, own, rule, weights, 1, 1, DRAWS);
  }

  private static void check(
      String what,
      double[] scores,
      int own,
      DrawRule rule,
      double[] weights,
      double temperature,
      double topP,
      int draws) {
    DrawRule keyed = Rules.keyed(rule, 0, temperature, topP, rule.seed(), 0, 0);
    double[] probabilities = filtered(weights, own, temperature, topP);
    String title = "%s, T = %s, top-p = %s".formatted(what, temperature, topP);
    ChiSquare.assertFits(title, count(scores, own, keyed, draws), probabilities);
  }

  /** What temperature and top-p make of the weights, written for clarity with sorted indices. */
  private static double[] filtered(double[] weights, int own, double temperature, double topP) {
    double total = Arrays.stream(weights).sum();
    double[] others = Arrays.stream(weights).map(w -> Math.pow(w, 1 / temperature)).toArray();
    others[own] = 0;
    double whole = Arrays.stream(others).sum();
    List<Integer> byWeight =
        IntStream.range(0, weights.length)
            .boxed()
            .sorted(Comparator.comparingDouble(y -> -others[y]))
            .toList();
    double kept = 0;
    for (int y : byWeight) {
      if (topP < 1 && kept >= topP * whole) {
        others[y] = 0;
      }
      kept += others[y];
    }
    double[] probabilities = new double[weights.length];
    for (int y = 0; y < weights.length; y++) {
      probabilities[y] = others[y] / kept * (total - weights[own]) / total;
    }
    probabilities[own] = weights[own] / total;
    return probabilities;
  }

  /** Draws in steps of 1,000 positions with the same scores. */
  private static long[] count(double[] scores, int own, DrawRule rule, int draws) {
    int rows = 1000;
    int states = scores.length;
    float[] values = new float[rows * states];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.log(scores[i % states]);
    }
    int[] owns = new int[rows];
    Arrays.fill(owns, own);
    int[] drawn = new int[rows];
    long[] counts = new long[states];
    RowLayout layout = RowLayout.ofLengths(rows);
    try (Backend backend = new ReferenceBackend();
        Tensor logits = backend.allocate(rows, states)) {
      backend.write(MemorySegment.ofArray(values), logits);
      for (int step = 0; step < draws / rows; step++) {
        DrawRule now = Rules.keyed(rule, 0, rule.temperature(), rule.topP(), rule.seed(), 3, step);
        backend.draw(logits, layout, owns, List.of(now), drawn);
        for (int y : drawn) {
          counts[y]++;
        }
      }
    }
    return counts;
  }
}
