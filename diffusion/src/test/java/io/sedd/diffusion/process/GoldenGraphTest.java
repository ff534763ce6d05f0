package io.sedd.diffusion.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.sedd.diffusion.Closeness;
import io.sedd.diffusion.GoldenFiles;
import io.sedd.diffusion.GoldenGraph;
import io.sedd.protocol.checkpoint.Safetensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every formula of {@link Graph} against the official implementation in double precision. */
class GoldenGraphTest {

  /** The golden numbers are doubles rounded to fp32, the formulas are in double. */
  private static final double LIMIT = 1e-6;

  /** The tensors that are one formula of a row, and the formula. */
  private static final Map<String, RowFormula> FORMULAS =
      new TreeMap<>(
          Map.of(
              "rate", row -> row.states(y -> row.graph().rate(row.x(), y)),
              "transp_rate", row -> row.states(y -> row.graph().transposedRate(row.x(), y)),
              "transition",
                  row -> row.states(y -> row.graph().transition(row.x(), y, row.dsigma())),
              "transp_transition",
                  row ->
                      row.states(y -> row.graph().transposedTransition(row.x(), y, row.dsigma())),
              "transp_transition_sigma",
                  row -> row.states(y -> row.graph().transposedTransition(row.x(), y, row.sigma())),
              "reverse_rate", row -> row.graph().reverseRate(row.x(), row.score()),
              "staggered_score", row -> row.graph().staggeredScore(row.score(), row.dsigma()),
              "score_entropy", row -> row.entropy("log_score"),
              "score_entropy_raw", row -> row.entropy("log_score_raw")));

  @TestFactory
  Stream<DynamicTest> formulasAreTheOfficialOnes() {
    return eachFileWithTensor(
        FORMULAS.keySet().toArray(String[]::new), GoldenGraphTest::checkFormula);
  }

  @TestFactory
  Stream<DynamicTest> noisingWithTheOfficialRandomNumbersGivesTheOfficialTokens() {
    return eachFileWithTensor(new String[] {"perturb.x_t"}, (g, _) -> checkPerturbation(g));
  }

  @TestFactory
  Stream<DynamicTest> chanceOfMovingIsTheOfficialOne() {
    return eachFileWithTensor(new String[] {"move_chance"}, (g, _) -> checkMoveChance(g));
  }

  @TestFactory
  Stream<DynamicTest> samplingStartsFromTheOfficialPrior() {
    return eachFileWithTensor(new String[] {"sample_limit"}, (g, _) -> checkPrior(g));
  }

  private static void checkFormula(GoldenGraph golden, String tensor) {
    double[] actual =
        IntStream.range(0, golden.rows())
            .mapToObj(r -> FORMULAS.get(tensor).of(new Row(golden, r)))
            .flatMapToDouble(DoubleStream::of)
            .toArray();
    double[] expected = golden.numbers().readDoubles(tensor + "_f64");
    if (tensor.startsWith("score_entropy")) {
      Closeness.assertRelativeFromOne(tensor, expected, actual, LIMIT);
    } else {
      Closeness.assertOverLargest(tensor, expected, actual, LIMIT);
    }
  }

  private static void checkPerturbation(GoldenGraph golden) {
    double[] uniform = golden.numbers().readDoubles("perturb.u");
    double[] sigma = golden.perRow("sigma");
    int[] token = golden.integers("perturb.rand_tokens");
    int[] x0 = golden.x0();
    int[] moved = new int[x0.length];
    Arrays.setAll(moved, r -> golden.graph().perturb(x0[r], sigma[r], uniform[r], token[r]));
    assertArrayEquals(golden.integers("perturb.x_t"), moved);
  }

  private static void checkMoveChance(GoldenGraph golden) {
    double[] sigma = golden.numbers().readDoubles("sigma");
    Closeness.assertRelative(
        "move_chance",
        golden.numbers().readDoubles("move_chance_f64"),
        Arrays.stream(sigma).map(Graph::moveChance).toArray(),
        LIMIT);
  }

  private static void checkPrior(GoldenGraph golden) {
    for (int state : golden.integers("sample_limit")) {
      assertEquals(1, golden.graph().limit(state), "the prior's only state");
    }
  }

  private static Stream<DynamicTest> eachFileWithTensor(String[] tensors, TensorCheck check) {
    if (GoldenFiles.files("graph_*.safetensors").isEmpty()) {
      return Stream.of(GoldenFiles.absent("graph_*.safetensors"));
    }
    return GoldenFiles.files("graph_*.safetensors").stream()
        .flatMap(file -> Arrays.stream(tensors).map(tensor -> test(file, tensor, check)));
  }

  private static DynamicTest test(Path file, String tensor, TensorCheck check) {
    String title = file.getFileName() + ": " + tensor;
    try (Safetensors numbers = GoldenFiles.open(file)) {
      return numbers.has(tensor)
          ? dynamicTest(title, () -> withGraph(file, g -> check.check(g, tensor)))
          : GoldenFiles.absent(title);
    }
  }

  private static void withGraph(Path file, Consumer<GoldenGraph> check) {
    try (GoldenGraph golden = GoldenGraph.open(file)) {
      check.accept(golden);
    }
  }

  private interface TensorCheck {
    void check(GoldenGraph golden, String tensor);
  }

  private interface RowFormula {
    double[] of(Row row);
  }

  /** One position of the golden batch. */
  private record Row(GoldenGraph golden, int index) {

    Graph graph() {
      return golden.graph();
    }

    int x() {
      return golden.x()[index];
    }

    double sigma() {
      return golden.perRow("sigma")[index];
    }

    double dsigma() {
      return golden.perRow("dsigma")[index];
    }

    double[] score() {
      return golden.vectors("score")[index];
    }

    double[] entropy(String logScore) {
      double[] scores = golden.vectors(logScore)[index];
      return new double[] {graph().scoreEntropy(x(), golden.x0()[index], scores, sigma())};
    }

    double[] states(IntToDoubleFunction formula) {
      return IntStream.range(0, graph().states()).mapToDouble(formula).toArray();
    }
  }
}
