package io.sedd.diffusion.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.sedd.diffusion.Closeness;
import io.sedd.diffusion.GoldenFiles;
import io.sedd.diffusion.GoldenGraph;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The samplers' steps on given scores against the official ones. */
class GoldenKernelTest {

  /** The golden numbers are doubles rounded to fp32, the kernels are in double. */
  private static final double LIMIT = 1e-6;

  @TestFactory
  Stream<DynamicTest> eulerStepsAreTheOfficialOnes() {
    return eachGraph(
        g -> check(g, "euler", "t", t -> Predictor.EULER.kernel(g.graph(), g.noise(), t, g.dt())));
  }

  @TestFactory
  Stream<DynamicTest> analyticStepsAreTheOfficialOnes() {
    return eachGraph(
        g ->
            check(
                g,
                "analytic",
                "analytic_t",
                t -> Predictor.ANALYTIC.kernel(g.graph(), g.noise(), t, g.dt())));
  }

  @TestFactory
  Stream<DynamicTest> denoisingIsTheOfficialOne() {
    return eachGraph(
        g ->
            check(
                g,
                "denoise",
                "denoise_t",
                t -> ReverseKernel.denoiser(g.graph(), g.noise().total(t))));
  }

  @TestFactory
  Stream<DynamicTest> theOfficialDrawIsFollowed() {
    return eachGraph(GoldenKernelTest::checkDraw);
  }

  private static void check(
      GoldenGraph golden, String step, String times, DoubleFunction<ReverseKernel> kernels) {
    String tensor = step + "_probs_f64";
    double[] expected = golden.numbers().readDoubles(tensor);
    // the denoiser's mask column is dropped
    int width = expected.length / golden.rows();
    double[] t = golden.perRow(times);
    double[][] score = golden.vectors("score");
    int[] x = golden.x();
    double[] actual =
        IntStream.range(0, golden.rows())
            .mapToObj(r -> RawWeights.of(golden.graph(), kernels.apply(t[r]), x[r], score[r]))
            .flatMapToDouble(weights -> DoubleStream.of(Arrays.copyOf(weights, width)))
            .toArray();
    Closeness.assertOverLargest(tensor, expected, actual, LIMIT);
  }

  private static void checkDraw(GoldenGraph golden) {
    int[] expected = golden.integers("categorical.index");
    double[] weights = golden.numbers().readDoubles("categorical.probs");
    double[] uniforms = golden.numbers().readDoubles("categorical.u");
    int k = weights.length / expected.length;
    int[] drawn = new int[expected.length];
    Arrays.setAll(
        drawn,
        n ->
            OfficialDraw.index(
                Arrays.copyOfRange(weights, n * k, (n + 1) * k),
                Arrays.copyOfRange(uniforms, n * k, (n + 1) * k)));
    assertArrayEquals(expected, drawn);
  }

  private static Stream<DynamicTest> eachGraph(java.util.function.Consumer<GoldenGraph> check) {
    return GoldenFiles.eachFile("graph_*.safetensors", file -> withGraph(file, check));
  }

  private static void withGraph(Path file, java.util.function.Consumer<GoldenGraph> check) {
    try (GoldenGraph golden = GoldenGraph.open(file)) {
      check.accept(golden);
    }
  }
}
