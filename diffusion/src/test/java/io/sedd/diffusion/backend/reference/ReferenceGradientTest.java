package io.sedd.diffusion.backend.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.AttentionMask;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Dropout;
import io.sedd.diffusion.backend.EntropyTerm;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.ScoreTerm;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.process.Graph;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every backward kernel against {@link FiniteDifferences} of its forward. */
class ReferenceGradientTest {

  private static final RowLayout LAYOUT = RowLayout.ofLengths(4, 1, 3);
  private static final int ROWS = LAYOUT.rows();

  private final Backend backend = new ReferenceBackend();
  private final FiniteDifferences differences = new FiniteDifferences(backend, 42);

  @AfterEach
  void close() {
    differences.close();
    backend.close();
  }

  @ParameterizedTest
  @EnumSource
  void linearBackwardIsTheGradientOfLinear(Activation activation) {
    Tensor x = differences.random(ROWS, 5);
    Tensor weight = differences.random(3, 5);
    Tensor bias = differences.random(1, 3);
    Tensor kept = differences.zeros(ROWS, 3);
    Tensor y = differences.zeros(ROWS, 3);
    Tensor projection = differences.random(ROWS, 3);
    DoubleSupplier forward =
        () -> {
          backend.linear(x, weight, bias, activation, kept, y);
          return differences.projected(y, projection);
        };
    double _ = forward.getAsDouble();
    Tensor dx = differences.random(ROWS, 5);
    Tensor dWeight = differences.zeros(3, 5);
    Tensor dBias = differences.zeros(1, 3);
    Tensor dy = differences.copyOf(projection);
    backend.linearBackward(dy, x, weight, activation, kept, dx, dWeight, dBias);
    differences.check("dx", x, forward, dx);
    differences.check("dWeight", weight, forward, dWeight);
    differences.check("dBias", bias, forward, dBias);
  }

  @Test
  void normModulateBackwardIsTheGradientOfNormModulate() {
    int h = 6;
    Tensor x = differences.random(ROWS, h);
    Tensor weight = differences.random(1, h);
    Tensor modulation = differences.random(LAYOUT.sequences(), 2 * h + 1);
    Tensor statistics = differences.zeros(ROWS, 2);
    Tensor z = differences.zeros(ROWS, h);
    Tensor projection = differences.random(ROWS, h);
    DoubleSupplier forward =
        () -> {
          backend.normModulate(x, weight, modulation, h + 1, 0, LAYOUT, statistics, z);
          return differences.projected(z, projection);
        };
    double _ = forward.getAsDouble();
    Tensor dx = differences.zeros(ROWS, h);
    Tensor dWeight = differences.zeros(1, h);
    Tensor dModulation = differences.zeros(LAYOUT.sequences(), 2 * h + 1);
    backend.normModulateBackward(
        projection, x, weight, modulation, h + 1, 0, LAYOUT, statistics, dx, dWeight, dModulation);
    differences.check("dx", x, forward, dx);
    differences.check("dWeight", weight, forward, dWeight);
    differences.check("dModulation", modulation, forward, dModulation);
  }

  @Test
  void dropoutIsItsOwnGradient() {
    Dropout dropout = new Dropout(0.4, 9, 2, 0);
    Tensor x = differences.random(ROWS, 11);
    Tensor y = differences.zeros(ROWS, 11);
    Tensor projection = differences.random(ROWS, 11);
    DoubleSupplier forward =
        () -> {
          backend.copy(x, y);
          backend.dropout(dropout, 3, LAYOUT, y);
          return differences.projected(y, projection);
        };
    Tensor dx = differences.copyOf(projection);
    backend.dropout(dropout, 3, LAYOUT, dx);
    differences.check("dx", x, forward, dx);
  }

  @Test
  void rotateBackwardIsTheGradientOfRotate() {
    Tensor qkv = differences.random(ROWS, 3 * 8);
    Tensor rotated = differences.zeros(ROWS, 3 * 8);
    Tensor projection = differences.random(ROWS, 3 * 8);
    DoubleSupplier forward =
        () -> {
          backend.copy(qkv, rotated);
          backend.rotate(rotated, 2, LAYOUT);
          return differences.projected(rotated, projection);
        };
    Tensor dqkv = differences.copyOf(projection);
    backend.rotateBackward(dqkv, 2, LAYOUT);
    differences.check("dqkv", qkv, forward, dqkv);
  }

  @ParameterizedTest
  @EnumSource
  void attendBackwardIsTheGradientOfAttend(AttentionMask mask) {
    Tensor qkv = differences.random(ROWS, 3 * 6);
    Tensor mix = differences.zeros(ROWS, 6);
    Tensor logSums = differences.zeros(ROWS, 2);
    Tensor projection = differences.random(ROWS, 6);
    DoubleSupplier forward =
        () -> {
          backend.attend(qkv, 2, LAYOUT, mask, logSums, mix);
          return differences.projected(mix, projection);
        };
    double _ = forward.getAsDouble();
    Tensor dqkv = differences.random(ROWS, 3 * 6);
    backend.attendBackward(projection, qkv, mix, logSums, 2, LAYOUT, mask, dqkv);
    differences.check("dqkv", qkv, forward, dqkv);
  }

  @Test
  void addGatedBackwardIsTheGradientOfAddGated() {
    Tensor branch = differences.random(ROWS, 3);
    Tensor modulation = differences.random(LAYOUT.sequences(), 5);
    Tensor x = differences.random(ROWS, 3);
    Tensor sum = differences.zeros(ROWS, 3);
    Tensor projection = differences.random(ROWS, 3);
    DoubleSupplier forward =
        () -> {
          backend.copy(x, sum);
          backend.addGated(branch, modulation, 1, LAYOUT, sum);
          return differences.projected(sum, projection);
        };
    Tensor dBranch = differences.random(ROWS, 3);
    Tensor dModulation = differences.zeros(LAYOUT.sequences(), 5);
    backend.addGatedBackward(projection, branch, modulation, 1, LAYOUT, dBranch, dModulation);
    differences.check("dBranch", branch, forward, dBranch);
    differences.check("dModulation", modulation, forward, dModulation);
    differences.check("dx", x, forward, projection);
  }

  @Test
  void embedBackwardIsTheGradientOfEmbed() {
    int[] tokens = {2, 0, 2, 4, 4, 2};
    Tensor table = differences.random(5, 3);
    Tensor x = differences.zeros(tokens.length, 3);
    Tensor projection = differences.random(tokens.length, 3);
    DoubleSupplier forward =
        () -> {
          backend.embed(table, tokens, x);
          return differences.projected(x, projection);
        };
    Tensor dTable = differences.zeros(5, 3);
    backend.embedBackward(projection, tokens, dTable);
    differences.check("dTable", table, forward, dTable);
  }

  @Test
  void gatherRowsBackwardIsTheGradientOfGatherRows() {
    int[] rows = {0, 2, 3, 6};
    Tensor x = differences.random(ROWS, 3);
    Tensor y = differences.zeros(rows.length, 3);
    Tensor projection = differences.random(rows.length, 3);
    DoubleSupplier forward =
        () -> {
          backend.gatherRows(x, rows, y);
          return differences.projected(y, projection);
        };
    Tensor dx = differences.zeros(ROWS, 3);
    backend.gatherRowsBackward(projection, rows, dx);
    differences.check("dx", x, forward, dx);
  }

  @Test
  void theGradientOfScoreEntropyIsTheWeightedDerivative() {
    checkScoreEntropy(new Graph.Absorbing(6), new int[] {6, 6, 1, 6, 6, 3, 6, 6});
    checkScoreEntropy(new Graph.Uniform(7), new int[] {5, 2, 1, 6, 0, 3, 4, 2});
  }

  private void checkScoreEntropy(Graph graph, int[] x) {
    int[] x0 = {5, 2, 1, 3, 0, 3, 4, 1};
    double[] weights = {3, 0.5, 1};
    List<EntropyTerm> terms =
        List.of(
            new EntropyTerm(0.4, 0.3, weights[0]),
            new EntropyTerm(0.05, -1, weights[1]),
            new EntropyTerm(3, 1, weights[2]));
    Tensor logits = differences.random(ROWS, graph.states());
    Tensor gradient = differences.random(ROWS, graph.states());
    double[] loss = new double[ROWS];
    DoubleSupplier forward =
        () -> {
          backend.scoreEntropy(graph, logits, LAYOUT, x, x0, terms, loss, null);
          double sum = 0;
          for (int r = 0; r < ROWS; r++) {
            sum += weights[LAYOUT.sequenceOf(r)] * loss[r];
          }
          return sum;
        };
    backend.scoreEntropy(graph, logits, LAYOUT, x, x0, terms, loss, gradient);
    differences.check("gradient, " + graph, logits, forward, gradient);
  }

  @Test
  void theGradientOfAScoreLossIsTheWeightedDerivative() {
    int[] own = {5, 2, 1, 6, 0, 3, 4, 2};
    int[] target = {5, 1, 1, 3, 2, 0, 4, 6};
    List<ScoreTerm> terms =
        IntStream.range(0, ROWS)
            .mapToObj(r -> new ScoreTerm(-0.5, 0.3 * r, 1 - 0.2 * r, 0.4, 0.7, 1.3, 2, 0.5 + r))
            .toList();
    Tensor logits = differences.random(ROWS, 7);
    Tensor gradient = differences.random(ROWS, 7);
    double[] loss = new double[ROWS];
    DoubleSupplier forward =
        () -> {
          backend.scoreLoss(logits, own, target, terms, loss, null);
          return IntStream.range(0, ROWS).mapToDouble(r -> terms.get(r).weight() * loss[r]).sum();
        };
    backend.scoreLoss(logits, own, target, terms, loss, gradient);
    differences.check("gradient", logits, forward, gradient);
  }

  @Test
  void theGradientOfCrossEntropyIsTheWeightedDerivative() {
    int[] target = {5, 1, 1, 3, 2, 0, 4, 4};
    double[] weight = {1, 2, 0.5, 1, 0, 3, 1, 1};
    Tensor logits = differences.random(ROWS, 7);
    Tensor gradient = differences.random(ROWS, 7);
    double[] loss = new double[ROWS];
    DoubleSupplier forward =
        () -> {
          backend.crossEntropy(logits, 6, target, weight, loss, null);
          return IntStream.range(0, ROWS).mapToDouble(r -> weight[r] * loss[r]).sum();
        };
    backend.crossEntropy(logits, 6, target, weight, loss, gradient);
    differences.check("gradient", logits, forward, gradient);
  }

  /** The first of three positions must not feel the others. */
  @Test
  void aPositionUnderTheCausalMaskDependsOnEarlierOnesAlone() {
    RowLayout layout = RowLayout.ofLengths(3);
    Tensor qkv = differences.random(3, 6);
    Tensor other = differences.copyOf(qkv);
    backend.fill(other.view(12, 1, 6), 3);
    Tensor mix = differences.zeros(3, 2);
    Tensor mixOfOther = differences.zeros(3, 2);
    backend.attend(qkv, 1, layout, AttentionMask.CAUSAL, null, mix);
    backend.attend(other, 1, layout, AttentionMask.CAUSAL, null, mixOfOther);
    float[] expected = backend.read(mix.view(0, 2, 2));
    assertArrayEquals(expected, backend.read(mixOfOther.view(0, 2, 2)));
    float[] value = Arrays.copyOfRange(backend.read(qkv), 4, 6);
    assertArrayEquals(value, Arrays.copyOf(expected, 2), 1e-6f);
  }

  /** The true ratios have score entropy 0: it is a divergence with its constant. */
  @Test
  void scoreEntropyOfTheTrueRatiosIsZero() {
    double sigma = 0.3;
    double e = Math.expm1(sigma);
    List<EntropyTerm> terms = List.of(new EntropyTerm(sigma, 0, 1));
    float[] ratios = new float[7];
    Arrays.fill(ratios, (float) Math.log(1));
    ratios[2] = (float) Math.log((e + 7) / e);
    double[] loss = new double[1];
    try (Tensor logits = backend.allocate(1, 7)) {
      backend.write(java.lang.foreign.MemorySegment.ofArray(ratios), logits);
      backend.scoreEntropy(
          new Graph.Uniform(7),
          logits,
          RowLayout.ofLengths(1),
          new int[] {4},
          new int[] {2},
          terms,
          loss,
          null);
      assertEquals(0, loss[0], 1e-9);
    }
  }
}
