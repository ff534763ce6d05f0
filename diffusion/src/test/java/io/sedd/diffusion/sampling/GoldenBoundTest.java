package io.sedd.diffusion.sampling;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.Closeness;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import io.sedd.protocol.checkpoint.Safetensors;
import java.util.Arrays;
import java.util.function.DoubleFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The likelihood bound with exact scores: our score entropy, weighted by the noise rate and
 * integrated over time, is the stored DWDSE, and that is a difference of two divergences.
 */
class GoldenBoundTest {

  private static final double LIMIT = 1e-9;

  /** Divergences near 0 are differences of numbers near 1. */
  private static final double ROUNDING = 1e-12;

  /** Nodes and weights of Gauss-Legendre quadrature with 5 points on [-1, 1]. */
  private static final double[] NODES = {
    0,
    Math.sqrt(5 - 2 * Math.sqrt(10.0 / 7)) / 3,
    -Math.sqrt(5 - 2 * Math.sqrt(10.0 / 7)) / 3,
    Math.sqrt(5 + 2 * Math.sqrt(10.0 / 7)) / 3,
    -Math.sqrt(5 + 2 * Math.sqrt(10.0 / 7)) / 3
  };

  private static final double[] WEIGHTS = {
    128.0 / 225,
    (322 + 13 * Math.sqrt(70)) / 900,
    (322 + 13 * Math.sqrt(70)) / 900,
    (322 - 13 * Math.sqrt(70)) / 900,
    (322 - 13 * Math.sqrt(70)) / 900
  };

  private static final int PANELS = 100;

  @TestFactory
  Stream<DynamicTest> scoreEntropyIntegratesToTheStoredBound() {
    return GoldenOracle.eachNoising(GoldenBoundTest::check);
  }

  private static void check(GoldenOracle.Noising process) {
    try (Safetensors numbers = GoldenOracle.open()) {
      check(numbers, "nll", c -> -Math.log(process.oracle().p0(c)));
      checkIntegrand(process, numbers);
      check(numbers, process.name() + ".kl_end", c -> klToMarginal(process, c, 1));
      if (process.process().graph() instanceof Graph.Uniform) {
        check(numbers, process.name() + ".kl_prior", c -> klToPrior(process, c));
      }
      String dwdse = process.name() + ".dwdse_from_";
      long bounds = 0;
      for (String tensor : numbers.names()) {
        if (tensor.startsWith(dwdse)) {
          checkBound(process, numbers, tensor.substring(dwdse.length()));
          bounds++;
        }
      }
      assertTrue(bounds > 0, "no " + dwdse + "* in the set");
    }
  }

  private static void checkIntegrand(GoldenOracle.Noising process, Safetensors numbers) {
    NoiseSchedule noise = process.process().noise();
    double[] integrand =
        Arrays.stream(numbers.readDoubles(process.name() + ".integrand_t"))
            .boxed()
            .flatMapToDouble(
                t ->
                    Arrays.stream(entropies(process.oracle(), noise.total(t)))
                        .map(entropy -> noise.rate(t) * entropy))
            .toArray();
    String tensor = process.name() + ".integrand";
    Closeness.assertRelativeBeyond(tensor, numbers.readDoubles(tensor), integrand, LIMIT, ROUNDING);
  }

  private static void checkBound(
      GoldenOracle.Noising process, Safetensors numbers, String epsilon) {
    double eps = Double.parseDouble(epsilon);
    NoiseSchedule noise = process.process().noise();
    double from = Math.log(noise.total(eps));
    double to = Math.log(noise.total(1));
    // dt g(t) = d sigma, and the integrand is smooth in ln sigma
    double[] integral =
        integral(
            u ->
                Arrays.stream(entropies(process.oracle(), Math.exp(u)))
                    .map(entropy -> Math.exp(u) * entropy)
                    .toArray(),
            from,
            to);
    check(numbers, process.name() + ".dwdse_from_" + epsilon, c -> integral[c]);
    check(numbers, process.name() + ".kl_start_" + epsilon, c -> klToMarginal(process, c, eps));
    check(
        numbers,
        process.name() + ".dwdse_closed_form_from_" + epsilon,
        c -> klToMarginal(process, c, eps) - klToMarginal(process, c, 1));
  }

  /** Expected score entropy of every clean pair at sigma, summed over its positions. */
  private static double[] entropies(Oracle oracle, double sigma) {
    double[] marginal = oracle.marginal(sigma);
    double[][][] logScores = new double[oracle.states()][2][];
    for (int s = 0; s < logScores.length; s++) {
      for (int position = 0; position < 2; position++) {
        logScores[s][position] =
            Arrays.stream(oracle.score(marginal, s, position)).map(Math::log).toArray();
      }
    }
    return IntStream.range(0, oracle.cleanPairs())
        .mapToDouble(c -> entropy(oracle, c, logScores, sigma))
        .toArray();
  }

  private static double entropy(Oracle oracle, int clean, double[][][] logScores, double sigma) {
    Graph graph = oracle.graph();
    double[] conditional = oracle.conditional(clean, sigma);
    double expected = 0;
    for (int s = 0; s < conditional.length; s++) {
      double first =
          graph.scoreEntropy(oracle.at(s, 0), clean / graph.tokens(), logScores[s][0], sigma);
      double second =
          graph.scoreEntropy(oracle.at(s, 1), clean % graph.tokens(), logScores[s][1], sigma);
      expected += conditional[s] * (first + second);
    }
    return expected;
  }

  private static double klToMarginal(GoldenOracle.Noising process, int clean, double t) {
    double sigma = process.process().noise().total(t);
    return kl(process.oracle().conditional(clean, sigma), process.oracle().marginal(sigma));
  }

  private static double klToPrior(GoldenOracle.Noising process, int clean) {
    double sigma = process.process().noise().total(1);
    return kl(process.oracle().conditional(clean, sigma), process.oracle().prior());
  }

  private static double kl(double[] p, double[] q) {
    return IntStream.range(0, p.length)
        .filter(s -> p[s] > 0)
        .mapToDouble(s -> p[s] * Math.log(p[s] / q[s]))
        .sum();
  }

  /** Of a function with several values. */
  private static double[] integral(DoubleFunction<double[]> f, double from, double to) {
    double half = (to - from) / PANELS / 2;
    double[] sum = new double[0];
    for (int i = 0; i < PANELS; i++) {
      for (int k = 0; k < NODES.length; k++) {
        double[] values = f.apply(from + (2 * i + 1 + NODES[k]) * half);
        sum = Arrays.copyOf(sum, values.length);
        for (int c = 0; c < values.length; c++) {
          sum[c] += half * WEIGHTS[k] * values[c];
        }
      }
    }
    return sum;
  }

  private static void check(Safetensors numbers, String tensor, IntToDoubleFunction ofPair) {
    double[] expected = numbers.readDoubles(tensor);
    double[] actual = IntStream.range(0, expected.length).mapToDouble(ofPair).toArray();
    Closeness.assertRelativeBeyond(tensor, expected, actual, LIMIT, ROUNDING);
  }
}
