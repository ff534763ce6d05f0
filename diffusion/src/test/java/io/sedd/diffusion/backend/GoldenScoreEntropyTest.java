package io.sedd.diffusion.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.diffusion.GoldenFiles;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.diffusion.process.Graph;
import io.sedd.protocol.checkpoint.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Score entropy and its gradient on given scores, against the official numbers; the limits are
 * those of the golden README, 1e-5 absorbing and 1e-4 uniform, relative to max(1, abs).
 */
class GoldenScoreEntropyTest {

  @TestFactory
  Stream<DynamicTest> scoreEntropyAndItsGradientAreTheOfficialOnes() {
    return GoldenFiles.eachFile("graph_*.safetensors", GoldenScoreEntropyTest::check);
  }

  private static void check(Path file) {
    try (Safetensors numbers = Safetensors.open(file)) {
      check(numbers, "log_score", "score_entropy_f64", "score_entropy_grad_f64");
      check(numbers, "log_score_raw", "score_entropy_raw_f64", null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void check(Safetensors numbers, String scores, String losses, String gradients) {
    int[] x = ints(numbers.readLongs("x"));
    float[] sigma = numbers.readFloats("sigma");
    float[] logScores = numbers.readFloats(scores);
    int states = logScores.length / x.length;
    boolean absorbing = numbers.file().getFileName().toString().startsWith("graph_absorb");
    Graph graph = absorbing ? new Graph.Absorbing(states - 1) : new Graph.Uniform(states);
    int[] lengths = new int[sigma.length];
    Arrays.fill(lengths, x.length / sigma.length);
    EntropyTerm[] terms = new EntropyTerm[sigma.length];
    Arrays.setAll(terms, s -> new EntropyTerm(sigma[s], 0, 1));
    double[] loss = new double[x.length];
    try (Backend backend = new ReferenceBackend();
        Tensor logits = backend.allocate(x.length, states);
        Tensor gradient = backend.allocate(x.length, states)) {
      backend.write(MemorySegment.ofArray(logScores), logits);
      RowLayout layout = RowLayout.ofLengths(lengths);
      int[] x0 = ints(numbers.readLongs("x0"));
      backend.scoreEntropy(graph, logits, layout, x, x0, List.of(terms), loss, gradient);
      double limit = absorbing ? 1e-5 : 1e-4;
      assertClose(losses, numbers.readFloats(losses), loss, limit);
      if (gradients != null) {
        float[] actual = backend.read(gradient);
        double[] widened = new double[actual.length];
        Arrays.setAll(widened, i -> actual[i]);
        assertClose(gradients, numbers.readFloats(gradients), widened, limit);
      }
    }
  }

  private static void assertClose(String name, float[] expected, double[] actual, double limit) {
    for (int i = 0; i < expected.length; i++) {
      double scale = Math.max(1, Math.abs(expected[i]));
      assertEquals(expected[i], actual[i], limit * scale, name + " at " + i);
    }
  }

  private static int[] ints(long[] values) {
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }
}
