package io.sedd.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.GoldenFiles;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.diffusion.network.GoldenModel;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.Parameters;
import io.sedd.protocol.checkpoint.Safetensors;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whole networks of the golden set, on an emulated device or a card ({@link TestedBackend}). */
class CudaNetworkTest {

  /** That of the other backends in bf16. */
  private static final double LOG_SCORE_LIMIT = 0.15;

  /** Share of a gradient's norm that its difference from the reference's in bf16 may have. */
  private static final double GRADIENT_LIMIT = 0.05;

  private static final double LOSS_LIMIT = 1e-2;

  /** The backend under test, owned by the caller. */
  Backend open() {
    return TestedBackend.open();
  }

  @TestFactory
  Stream<DynamicTest> logScoresAreNearTheOfficialOnes() {
    return GoldenFiles.eachModelWith("forward.safetensors", "cuda", this::checkScores);
  }

  private void checkScores(Path folder) {
    try (GoldenModel model = GoldenModel.open(folder, open());
        Safetensors cases = model.numbers("forward.safetensors");
        Workspace workspace = model.backend().workspace()) {
      model.network().weights().freeze(model.backend());
      int k = 0;
      for (; cases.has("case" + k + ".indices"); k++) {
        NetworkInput input =
            GoldenModel.input(cases, "case" + k + ".indices", "case" + k + ".sigma");
        float[] expected = cases.readFloats("case" + k + ".log_score_f64");
        float[] actual = model.logScores(input, model.network().logits(input, workspace));
        for (int i = 0; i < actual.length; i++) {
          assertEquals(expected[i], actual[i], LOG_SCORE_LIMIT, "case " + k + "[" + i + "]");
        }
        workspace.reset();
      }
      assertTrue(k > 0, "forward.safetensors holds no case");
    }
  }

  @TestFactory
  Stream<DynamicTest> gradientsAreNearThoseOfTheReference() {
    return GoldenFiles.eachModelWith("loss.safetensors", "cuda", this::checkGradients);
  }

  private void checkGradients(Path folder) {
    try (GoldenModel expected = GoldenModel.open(folder, new ReferenceBackend(Precision.BF16));
        GoldenModel actual = GoldenModel.open(folder, open());
        Parameters wanted = Parameters.create(expected.network().shape(), expected.backend());
        Parameters gradients = Parameters.create(actual.network().shape(), actual.backend())) {
      double expectedLoss = expected.backward(wanted);
      assertEquals(expectedLoss, actual.backward(gradients), LOSS_LIMIT * expectedLoss, "loss");
      for (String name : wanted.names()) {
        assertNear(
            name, read(expected.backend(), wanted, name), read(actual.backend(), gradients, name));
      }
    }
  }

  private static void assertNear(String name, float[] expected, float[] actual) {
    double distance = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      distance += Math.pow((double) expected[i] - actual[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    double share = Math.sqrt(distance / Math.max(norm, 1e-30));
    assertTrue(share < GRADIENT_LIMIT, name + " is off by " + share + " of its norm");
  }

  private static float[] read(Backend backend, Parameters parameters, String name) {
    return backend.read(parameters.tensor(name));
  }
}
