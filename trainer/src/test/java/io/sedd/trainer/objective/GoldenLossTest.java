package io.sedd.trainer.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.diffusion.GoldenFiles;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.GoldenModel;
import io.sedd.diffusion.process.Graph;
import io.sedd.protocol.checkpoint.Safetensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The training loss against the official implementation, on every backend. */
class GoldenLossTest {

  private static final double LIMIT = 1e-4;

  @TestFactory
  Stream<DynamicTest> lossesAreTheOfficialOnesAtOrdinaryAndAtExtremeTimes() {
    return GoldenModel.BACKENDS.stream()
        .flatMap(
            backend ->
                GoldenFiles.eachModelWith(
                    "loss.safetensors", backend, folder -> check(folder, backend)));
  }

  private static void check(Path folder, String backend) {
    try (GoldenModel model = GoldenModel.open(folder, backend);
        Safetensors golden = model.numbers("loss.safetensors")) {
      double[] losses = losses(model, golden, "");
      assertClose(golden.readFloats("loss_f64"), losses);
      double mean = Arrays.stream(losses).average().orElseThrow();
      assertClose(golden.readFloats("loss_mean_f64"), new double[] {mean});
      assertClose(golden.readFloats("edge.loss_f64"), losses(model, golden, "edge."));
    }
  }

  private static double[] losses(GoldenModel model, Safetensors golden, String prefix) {
    float[] times = golden.readFloats(prefix + "t");
    int[] x = ints(golden.readLongs(prefix + "x_t"));
    int[] lengths = new int[times.length];
    Arrays.fill(lengths, x.length / times.length);
    NoisyBatch batch =
        NoisyBatch.of(
            model.process(),
            RowLayout.ofLengths(lengths),
            IntStream.range(0, times.length).mapToDouble(s -> times[s]).toArray(),
            x,
            ints(golden.readLongs(prefix + "x0")));
    Graph graph = model.process().graph();
    try (Workspace workspace = model.backend().workspace()) {
      Tensor logits = model.network().logits(batch.input(), workspace);
      return new DenoisingScoreEntropy(graph, model.backend())
          .evaluate(model.network(), logits, batch, 1, null);
    }
  }

  private static int[] ints(long[] values) {
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }

  private static void assertClose(float[] expected, double[] actual) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], LIMIT * Math.abs(expected[i]), "loss " + i);
    }
  }
}
