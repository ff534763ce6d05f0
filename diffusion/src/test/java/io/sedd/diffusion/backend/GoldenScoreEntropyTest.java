package io.sedd.diffusion.backend;

import io.sedd.diffusion.Closeness;
import io.sedd.diffusion.GoldenFiles;
import io.sedd.diffusion.GoldenGraph;
import io.sedd.diffusion.network.GoldenModel;
import io.sedd.diffusion.process.Graph;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Score entropy and its gradient on given scores, on every backend. */
class GoldenScoreEntropyTest {

  private static final double GRADIENT_LIMIT = 1e-5;

  @TestFactory
  Stream<DynamicTest> scoreEntropyAndGradientAreTheOfficialOnes() {
    return GoldenModel.BACKENDS.stream()
        .flatMap(
            backend ->
                GoldenFiles.eachFile(
                    "graph_*.safetensors",
                    backend,
                    file -> {
                      check(file, backend, "log_score", "score_entropy");
                      // the entry at the own state is not read
                      check(file, backend, "log_score_raw", "score_entropy_raw");
                    }));
  }

  private static void check(Path file, String name, String scores, String loss) {
    try (GoldenGraph golden = GoldenGraph.open(file);
        Backend backend = Backends.open(Optional.of(name), BackendOptions.defaults());
        Tensor logits = backend.allocate(golden.rows(), golden.graph().states());
        Tensor gradient = backend.allocate(golden.rows(), golden.graph().states())) {
      backend.write(MemorySegment.ofArray(golden.numbers().readFloats(scores)), logits);
      double[] entropy = new double[golden.rows()];
      backend.scoreEntropy(
          golden.graph(),
          logits,
          layout(golden),
          golden.x(),
          golden.x0(),
          terms(golden),
          entropy,
          gradient);
      Closeness.assertRelativeFromOne(
          loss,
          golden.numbers().readDoubles(loss + "_f64"),
          entropy,
          golden.graph() instanceof Graph.Absorbing ? 1e-5 : 1e-4);
      Closeness.assertOverLargest(
          "score_entropy_grad",
          golden.numbers().readDoubles("score_entropy_grad_f64"),
          doubles(backend.read(gradient)),
          GRADIENT_LIMIT);
    }
  }

  private static RowLayout layout(GoldenGraph golden) {
    int[] lengths = new int[golden.sequences()];
    Arrays.fill(lengths, golden.rows() / golden.sequences());
    return RowLayout.ofLengths(lengths);
  }

  private static List<EntropyTerm> terms(GoldenGraph golden) {
    return Arrays.stream(golden.numbers().readDoubles("sigma"))
        .mapToObj(sigma -> new EntropyTerm(sigma, 0, 1))
        .toList();
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }
}
