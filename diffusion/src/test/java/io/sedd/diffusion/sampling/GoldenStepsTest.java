package io.sedd.diffusion.sampling;

import io.sedd.diffusion.Closeness;
import io.sedd.diffusion.GoldenFiles;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.GoldenModel;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import io.sedd.protocol.checkpoint.Safetensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** One step of every sampler with the network's scores, on every backend. */
class GoldenStepsTest {

  private static final double LIMIT = 1e-4;

  @TestFactory
  Stream<DynamicTest> stepsWithTheNetworkAreTheOfficialOnes() {
    return GoldenModel.BACKENDS.stream()
        .flatMap(
            backend ->
                GoldenFiles.eachModelWith(
                    "steps.safetensors", backend, folder -> check(folder, backend)));
  }

  private static void check(Path folder, String backend) {
    double dt =
        GoldenFiles.json(folder.resolve("meta.json")).required("steps").required("dt").asDouble();
    try (GoldenModel model = GoldenModel.open(folder, backend);
        Safetensors numbers = model.numbers("steps.safetensors")) {
      Graph graph = model.process().graph();
      NoiseSchedule noise = model.process().noise();
      Rows rows = new Rows(model, numbers);
      rows.check("euler", t -> Predictor.EULER.kernel(graph, noise, t, dt));
      rows.check("analytic", t -> Predictor.ANALYTIC.kernel(graph, noise, t, dt));
      rows.check("denoise", t -> ReverseKernel.denoiser(graph, noise.total(t)));
    }
  }

  /** The rows of the golden batch, with the network's scores of each. */
  private static final class Rows {

    private final Graph graph;
    private final Safetensors numbers;
    private final double[] t;
    private final int[] x;
    private final RowLayout layout;
    private final double[][] scores;

    Rows(GoldenModel model, Safetensors numbers) {
      this.graph = model.process().graph();
      this.numbers = numbers;
      this.t = numbers.readDoubles("t");
      this.x = GoldenFiles.integers(numbers, "x");
      int[] lengths = new int[t.length];
      Arrays.fill(lengths, x.length / t.length);
      this.layout = RowLayout.ofLengths(lengths);
      this.scores = new double[x.length][graph.states()];
      double[] sigma = Arrays.stream(t).map(model.process().noise()::total).toArray();
      try (Workspace workspace = model.backend().workspace()) {
        Tensor logits = model.network().logits(NetworkInput.ofAll(layout, x, sigma), workspace);
        float[] values = model.backend().read(logits);
        for (int r = 0; r < scores.length; r++) {
          double offset = model.network().logOffset(sigma[layout.sequenceOf(r)]);
          for (int y = 0; y < scores[r].length; y++) {
            scores[r][y] = y == x[r] ? 1 : Math.exp(values[r * scores[r].length + y] + offset);
          }
        }
      }
    }

    void check(String step, DoubleFunction<ReverseKernel> kernels) {
      double[] expected = numbers.readDoubles(step + "_probs_f64");
      // the absorbing denoiser's mask column is dropped
      int width = expected.length / layout.rows();
      double[] actual =
          IntStream.range(0, layout.rows())
              .mapToObj(r -> weights(kernels, r))
              .flatMapToDouble(weights -> DoubleStream.of(Arrays.copyOf(weights, width)))
              .toArray();
      Closeness.assertOverLargest(step + "_probs", expected, actual, LIMIT);
    }

    private double[] weights(DoubleFunction<ReverseKernel> kernels, int row) {
      ReverseKernel kernel = kernels.apply(t[layout.sequenceOf(row)]);
      return RawWeights.of(graph, kernel, x[row], scores[row]);
    }
  }
}
