package io.sedd.diffusion.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.sedd.diffusion.Closeness;
import io.sedd.diffusion.GoldenFiles;
import io.sedd.diffusion.process.Graph;
import io.sedd.protocol.checkpoint.Safetensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Samplers with exact scores push the distribution exactly as the official kernels do. */
class GoldenOracleTest {

  private static final double LIMIT = 1e-9;

  /** Below this the golden numbers themselves are rounding: sums of terms near 1. */
  private static final double ROUNDING = 1e-15;

  @TestFactory
  Stream<DynamicTest> noisyDistributionsAndTheirScoresAreTheStoredOnes() {
    return GoldenFiles.eachFile(
        "oracle.safetensors",
        file -> {
          checkTables(file, "absorb");
          checkTables(file, "uniform");
        });
  }

  @TestFactory
  Stream<DynamicTest> everyRunEndsInTheStoredDistribution() {
    return GoldenOracle.eachRun(GoldenOracleTest::checkRun);
  }

  private static void checkTables(Path file, String graph) {
    Oracle oracle = GoldenOracle.oracle(graph);
    try (Safetensors numbers = GoldenFiles.open(file)) {
      int[] states =
          IntStream.range(0, oracle.states())
              .flatMap(s -> IntStream.of(oracle.at(s, 0), oracle.at(s, 1)))
              .toArray();
      assertArrayEquals(GoldenFiles.integers(numbers, graph + ".states"), states);
      double[][] marginals =
          Arrays.stream(numbers.readDoubles("sigmas"))
              .mapToObj(oracle::marginal)
              .toArray(double[][]::new);
      Closeness.assertRelative(
          graph + ".marginal",
          numbers.readDoubles(graph + ".marginal"),
          Arrays.stream(marginals).flatMapToDouble(DoubleStream::of).toArray(),
          LIMIT);
      Closeness.assertRelative(
          graph + ".score",
          numbers.readDoubles(graph + ".score"),
          Arrays.stream(marginals).flatMapToDouble(m -> scores(oracle, m)).toArray(),
          LIMIT);
    }
  }

  private static DoubleStream scores(Oracle oracle, double[] marginal) {
    return IntStream.range(0, oracle.states())
        .boxed()
        .flatMapToDouble(
            s ->
                DoubleStream.concat(
                    DoubleStream.of(oracle.score(marginal, s, 0)),
                    DoubleStream.of(oracle.score(marginal, s, 1))));
  }

  private static void checkRun(GoldenOracle.Run run) {
    Oracle oracle = run.of().oracle();
    int steps = run.trajectory().steps();
    double[][] path = new double[steps + 1][];
    path[0] = oracle.prior();
    for (int i = 0; i < steps; i++) {
      path[i + 1] = push(run, path[i], i);
    }
    double limit = limit(run);
    try (Safetensors numbers = GoldenOracle.open()) {
      if (numbers.has(run.name() + ".path")) {
        double[] all = Arrays.stream(path).flatMapToDouble(DoubleStream::of).toArray();
        check(numbers, run.name() + ".path", all, limit);
      }
      check(numbers, run.name() + ".before_denoise", path[steps], limit);
      check(numbers, run.name() + ".final", oracle.clean(push(run, path[steps], steps)), limit);
    }
  }

  /**
   * 1e-9, and for the uniform graph what rounding makes of scores in a long analytic step, whose
   * weights e^d s(y) - (e^d - 1)/V Z are small differences of large numbers: for the 4 steps of the
   * geometric noise up to 20, d is 19 and the stored numbers are themselves off by 3e-8.
   */
  private static double limit(GoldenOracle.Run run) {
    Graph graph = run.of().oracle().graph();
    double growth = graph instanceof Graph.Uniform ? graph.states() * kernel(run, 0).alpha() : 0;
    return LIMIT + 4 * Math.ulp(1.0) * growth;
  }

  private static ReverseKernel kernel(GoldenOracle.Run run, int step) {
    return run.trajectory().kernel(run.of().oracle().graph(), run.predictor(), step);
  }

  private static double[] push(GoldenOracle.Run run, double[] p, int step) {
    return run.of().oracle().push(p, run.trajectory().sigma(step), kernel(run, step));
  }

  private static void check(Safetensors numbers, String tensor, double[] actual, double limit) {
    Closeness.assertRelativeBeyond(tensor, numbers.readDoubles(tensor), actual, limit, ROUNDING);
  }
}
