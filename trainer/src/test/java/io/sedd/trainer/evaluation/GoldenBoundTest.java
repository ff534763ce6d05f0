package io.sedd.trainer.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.GoldenFiles;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import io.sedd.protocol.checkpoint.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The bound's estimator on exact scores reaches the stored integrals. */
class GoldenBoundTest {

  private static final Pattern INTEGRAL =
      Pattern.compile("(absorb|uniform)\\.(\\w+(?:\\.\\w+)?)\\.dwdse_from_(1e-\\d+)");
  private static final Pattern GEOMETRIC = Pattern.compile("geometric_([0-9.]+)_([0-9.]+)");

  private static final int COPIES = 800;

  /**
   * Standard errors that the estimate may be off by. Some 200 comparisons whose errors are stated
   * no smaller than they are: false alarms below 200 · 6e-7, or about one run in 10,000; the noise
   * is seeded, so a run that passes goes on passing.
   */
  private static final double ERRORS = 5;

  @TestFactory
  Stream<DynamicTest> estimatesReachTheStoredIntegrals() throws IOException {
    Path file = GoldenFiles.root().resolve("oracle.safetensors");
    if (GoldenFiles.files("oracle.safetensors").isEmpty()) {
      return Stream.of(GoldenFiles.absent("oracle.safetensors"));
    }
    try (Safetensors oracle = Safetensors.open(file)) {
      List<DynamicTest> tests = new ArrayList<>();
      for (String name : oracle.names()) {
        Matcher matcher = INTEGRAL.matcher(name);
        if (matcher.matches()) {
          tests.add(
              DynamicTest.dynamicTest(
                  name, () -> check(file, matcher.group(1), matcher.group(2), matcher.group(3))));
        }
      }
      assertTrue(!tests.isEmpty(), "the oracle holds no integral");
      return tests.stream();
    }
  }

  private static void check(Path file, String graphName, String noiseName, String earliest)
      throws IOException {
    try (Safetensors oracle = Safetensors.open(file);
        Backend backend = Backends.open(Optional.of("reference"), BackendOptions.defaults())) {
      double[][] p0 = p0(oracle);
      DiffusionProcess process = process(graphName, noiseName, p0.length);
      ExactScores scores = new ExactScores(p0, process.graph(), backend);
      String prefix = graphName + "." + noiseName + ".";
      double[] expected = oracle.readDoubles(prefix + "dwdse_from_" + earliest);
      BoundSettings settings =
          new BoundSettings(Double.parseDouble(earliest), 2, COPIES, 11, Duration.ZERO);
      DwdseBound bound = new DwdseBound(process, settings, backend, InstantSource.system());
      for (int a = 0; a < p0.length; a++) {
        for (int b = 0; b < p0.length; b++) {
          List<int[]> pairs = Collections.nCopies(COPIES, new int[] {a, b});
          BoundEstimate estimate = bound.estimate(scores, pairs);
          int pair = a * p0.length + b;
          assertEquals(
              expected[pair] / 2,
              estimate.nats(),
              ERRORS * estimate.standardError(),
              "pair " + a + ", " + b);
          if (oracle.has(prefix + "kl_prior")) {
            double prior = oracle.readDoubles(prefix + "kl_prior")[pair];
            assertEquals(prior / 2, estimate.priorNats(), 1e-12);
          }
        }
      }
    }
  }

  private static double[][] p0(Safetensors oracle) {
    double[] flat = oracle.readDoubles("p0");
    int tokens = (int) oracle.entry("p0").shape()[0];
    double[][] p0 = new double[tokens][tokens];
    for (int i = 0; i < flat.length; i++) {
      p0[i / tokens][i % tokens] = flat[i];
    }
    return p0;
  }

  private static DiffusionProcess process(String graph, String noise, int tokens) {
    Matcher geometric = GEOMETRIC.matcher(noise);
    return new DiffusionProcess(
        graph.equals("absorb") ? new Graph.Absorbing(tokens) : new Graph.Uniform(tokens),
        geometric.matches()
            ? new NoiseSchedule.Geometric(
                Double.parseDouble(geometric.group(1)), Double.parseDouble(geometric.group(2)))
            : new NoiseSchedule.LogLinear());
  }
}
