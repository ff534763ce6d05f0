package io.sedd.diffusion.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.GoldenFiles;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.protocol.checkpoint.Safetensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The network against the official implementation, on every backend: log scores, intermediate
 * values, loss and every gradient.
 */
class GoldenNetworkTest {

  private static final double LOG_SCORE_LIMIT = 1e-4;

  /** Twice the largest distance seen, 0.074 (mean 0.01, log scores up to 12). */
  private static final double BF16_LOG_SCORE_LIMIT = 0.15;

  private static final double LOSS_LIMIT = 1e-4;
  private static final double GRADIENT_LIMIT = 1e-3;

  @TestFactory
  Stream<DynamicTest> logScoresAreTheOfficialOnes() {
    return onEachModel("forward.safetensors", GoldenNetworkTest::checkLogScores);
  }

  @TestFactory
  Stream<DynamicTest> logScoresInBf16AreNearTheOfficialOnes() {
    return onEachModel(
        "forward.safetensors",
        Precision.BF16,
        model -> {
          model.network().weights().freeze(model.backend());
          checkLogScores(model, BF16_LOG_SCORE_LIMIT);
        });
  }

  @TestFactory
  Stream<DynamicTest> intermediateValuesAreTheOfficialOnes() {
    return onEachModel("activations.safetensors", GoldenNetworkTest::checkActivations);
  }

  @TestFactory
  Stream<DynamicTest> lossAndGradientsAreTheOfficialOnes() {
    return onEachModel("grads.safetensors", GoldenNetworkTest::checkGradients);
  }

  private static Stream<DynamicTest> onEachModel(String file, Consumer<GoldenModel> check) {
    return onEachModel(file, Precision.FP32, check);
  }

  private static Stream<DynamicTest> onEachModel(
      String file, Precision precision, Consumer<GoldenModel> check) {
    return GoldenModel.backends(precision).stream()
        .flatMap(
            backend ->
                GoldenFiles.eachModelWith(
                    file,
                    backend,
                    folder -> {
                      try (GoldenModel model = GoldenModel.open(folder, backend, precision)) {
                        check.accept(model);
                      }
                    }));
  }

  private static void checkLogScores(GoldenModel model) {
    checkLogScores(model, LOG_SCORE_LIMIT);
  }

  private static void checkLogScores(GoldenModel model, double limit) {
    try (Safetensors cases = model.numbers("forward.safetensors");
        Workspace workspace = model.backend().workspace()) {
      int k = 0;
      for (; cases.has("case" + k + ".indices"); k++) {
        NetworkInput input =
            GoldenModel.input(cases, "case" + k + ".indices", "case" + k + ".sigma");
        Tensor logits = model.network().logits(input, workspace);
        float[] expected = cases.readFloats("case" + k + ".log_score_f64");
        assertClose("case " + k, expected, model.logScores(input, logits), limit);
        workspace.reset();
      }
      assertTrue(k > 0, "forward.safetensors holds no case");
    }
  }

  private static void checkActivations(GoldenModel model) {
    try (Safetensors cases = model.numbers("forward.safetensors");
        Safetensors expected = model.numbers("activations.safetensors");
        Workspace workspace = model.backend().workspace()) {
      String of =
          GoldenFiles.json(model.folder().resolve("meta.json")).required("activations_of").asText();
      String source = of.substring(of.indexOf(' ') + 1); // "forward case5"
      NetworkInput input = GoldenModel.input(cases, source + ".indices", source + ".sigma");
      Map<String, float[]> seen = new HashMap<>();
      model
          .network()
          .logits(input, workspace, (name, value) -> seen.put(name, model.backend().read(value)));
      List<String> compared = new ArrayList<>();
      for (String name : expected.names()) {
        float[] wanted = expected.readFloats(name);
        String shown = name;
        if (!seen.containsKey(name) && seen.containsKey(name + "_modulated")) {
          shown = name + "_modulated";
          wanted = modulated(wanted, model, input, expected, name);
        }
        if (seen.containsKey(shown)) {
          compared.add(name);
          assertClose(name, wanted, seen.get(shown), LOG_SCORE_LIMIT);
        }
      }
      List<String> left = new ArrayList<>(expected.names());
      left.removeAll(compared);
      left.removeAll(List.of("rotary_cos", "rotary_sin")); // folded into the rotation kernel
      assertEquals(List.of(), left, "golden activations that the network does not show");
    }
  }

  /** The network shows norms after their modulation only: z = norm (1 + scale) + shift. */
  private static float[] modulated(
      float[] norm, GoldenModel model, NetworkInput input, Safetensors expected, String name) {
    int h = model.network().shape().hidden();
    boolean last = name.startsWith("final");
    float[] modulation =
        last
            ? finalModulation(model, expected)
            : expected.readFloats(name.substring(0, name.indexOf('.')) + ".adaLN_modulation");
    int width = last ? 2 * h : 6 * h;
    int shift = name.endsWith("norm2") ? 3 * h : 0;
    float[] z = new float[norm.length];
    for (int r = 0; r < input.layout().rows(); r++) {
      int m = input.layout().sequenceOf(r) * width + shift;
      for (int j = 0; j < h; j++) {
        z[r * h + j] = norm[r * h + j] * (1 + modulation[m + h + j]) + modulation[m + j];
      }
    }
    return z;
  }

  /** The output layer's shifts and scales, from the golden conditioning and the model's weights. */
  private static float[] finalModulation(GoldenModel model, Safetensors expected) {
    float[] c = expected.readFloats("cond");
    Parameters weights = model.network().weights();
    float[] w = model.backend().read(weights.tensor("output_layer.adaLN_modulation.weight"));
    float[] b = model.backend().read(weights.tensor("output_layer.adaLN_modulation.bias"));
    int cond = model.network().shape().conditioning();
    int sequences = c.length / cond;
    float[] modulation = new float[sequences * b.length];
    for (int s = 0; s < sequences; s++) {
      for (int o = 0; o < b.length; o++) {
        double sum = b[o];
        for (int i = 0; i < cond; i++) {
          sum += (double) w[o * cond + i] * c[s * cond + i];
        }
        modulation[s * b.length + o] = (float) sum;
      }
    }
    return modulation;
  }

  private static void checkGradients(GoldenModel model) {
    try (Safetensors loss = model.numbers("loss.safetensors");
        Safetensors expected = model.numbers("grads.safetensors");
        Parameters gradients = Parameters.create(model.network().shape(), model.backend())) {
      double meanLoss = model.backward(gradients);
      double expectedLoss = loss.readFloats("loss_mean_f64")[0];
      assertEquals(expectedLoss, meanLoss, LOSS_LIMIT * Math.abs(expectedLoss), "loss_mean");
      assertEquals(
          expected.names().stream().sorted().toList(),
          gradients.names().stream().sorted().toList());
      for (String name : expected.names()) {
        float[] wanted = expected.readFloats(name);
        double largest = 0;
        for (float g : wanted) {
          largest = Math.max(largest, Math.abs(g));
        }
        float[] actual = model.backend().read(gradients.tensor(name));
        assertClose(name, wanted, actual, GRADIENT_LIMIT * largest);
      }
    }
  }

  private static void assertClose(String what, float[] expected, float[] actual, double limit) {
    assertEquals(expected.length, actual.length, what);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], limit, what + "[" + i + "]");
    }
  }
}
