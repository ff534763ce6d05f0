package io.sedd.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.GoldenFiles;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.EntropyTerm;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.diffusion.network.GoldenModel;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.Parameters;
import io.sedd.diffusion.network.TrainingPass;
import io.sedd.protocol.checkpoint.Safetensors;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
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

  @TestFactory
  Stream<DynamicTest> logScoresAreNearTheOfficialOnes() {
    return GoldenFiles.eachModelWith("forward.safetensors", "cuda", CudaNetworkTest::checkScores);
  }

  private static void checkScores(Path folder) {
    try (GoldenModel model = GoldenModel.open(folder, TestedBackend.open());
        Safetensors cases = model.numbers("forward.safetensors");
        Workspace workspace = model.backend().workspace()) {
      model.network().weights().freeze(model.backend());
      int k = 0;
      for (; cases.has("case" + k + ".indices"); k++) {
        double[] sigma = doubles(cases.readFloats("case" + k + ".sigma"));
        int[] tokens = GoldenFiles.integers(cases, "case" + k + ".indices");
        NetworkInput input = input(tokens, sigma);
        Tensor logits = model.network().logits(input, workspace);
        float[] expected = cases.readFloats("case" + k + ".log_score_f64");
        float[] actual = model.backend().read(logits);
        int states = logits.columns();
        for (int i = 0; i < actual.length; i++) {
          int row = i / states;
          double offset = model.network().logOffset(sigma[input.layout().sequenceOf(row)]);
          double score = i % states == tokens[row] ? 0 : actual[i] + offset;
          assertEquals(expected[i], score, LOG_SCORE_LIMIT, "case " + k + "[" + i + "]");
        }
        workspace.reset();
      }
      assertTrue(k > 0, "forward.safetensors holds no case");
    }
  }

  @TestFactory
  Stream<DynamicTest> gradientsAreNearThoseOfTheReference() {
    return GoldenFiles.eachModelWith("loss.safetensors", "cuda", CudaNetworkTest::checkGradients);
  }

  private static void checkGradients(Path folder) {
    try (GoldenModel expected = GoldenModel.open(folder, new ReferenceBackend(Precision.BF16));
        GoldenModel actual = GoldenModel.open(folder, TestedBackend.open());
        Parameters wanted = Parameters.create(expected.network().shape(), expected.backend());
        Parameters gradients = Parameters.create(actual.network().shape(), actual.backend())) {
      double expectedLoss = backward(expected, wanted);
      assertEquals(expectedLoss, backward(actual, gradients), LOSS_LIMIT * expectedLoss, "loss");
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

  private static double backward(GoldenModel model, Parameters gradients) {
    try (Safetensors loss = model.numbers("loss.safetensors");
        Workspace workspace = model.backend().workspace()) {
      int[] x = GoldenFiles.integers(loss, "x_t");
      int[] x0 = GoldenFiles.integers(loss, "x0");
      double[] sigma =
          IntStream.range(0, loss.readFloats("t").length)
              .mapToDouble(s -> model.process().noise().total(loss.readFloats("t")[s]))
              .toArray();
      List<EntropyTerm> terms =
          IntStream.range(0, sigma.length)
              .mapToObj(s ->
                  new EntropyTerm(sigma[s], model.network().logOffset(sigma[s]), 1.0 / x.length))
              .toList();
      NetworkInput input = input(x, sigma);
      TrainingPass pass = model.network().forwardForTraining(input, workspace);
      double[] rows = new double[x.length];
      model
          .backend()
          .scoreEntropy(
              model.process().graph(),
              pass.logits(),
              input.layout(),
              x,
              x0,
              terms,
              rows,
              pass.logits());
      model.network().backward(pass, pass.logits(), gradients, workspace);
      return IntStream.range(0, rows.length).mapToDouble(r -> rows[r]).sum();
    }
  }

  private static NetworkInput input(int[] tokens, double[] sigma) {
    List<Integer> lengths = Collections.nCopies(sigma.length, tokens.length / sigma.length);
    RowLayout layout = RowLayout.ofLengths(lengths.stream().mapToInt(Integer::intValue).toArray());
    return NetworkInput.ofAll(layout, tokens, sigma);
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }
}
