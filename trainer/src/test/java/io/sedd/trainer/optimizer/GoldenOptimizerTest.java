package io.sedd.trainer.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sedd.diffusion.GoldenFiles;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.network.GoldenModel;
import io.sedd.diffusion.network.Parameters;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.diffusion.network.TrainingMode;
import io.sedd.protocol.checkpoint.Safetensors;
import io.sedd.trainer.objective.DenoisingScoreEntropy;
import io.sedd.trainer.objective.LossGradient;
import io.sedd.trainer.objective.NoisyBatch;
import io.sedd.trainer.objective.Objective;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Three whole training steps against the official implementation, on every backend. */
class GoldenOptimizerTest {

  private static final double NEARLY_ALL = 0.999;
  private static final double NEARLY_ALL_WITHIN = 1e-6;
  private static final double ALL_WITHIN = 1e-4;
  private static final double OF_THE_UPDATE = 1e-3;
  private static final double LOSS_LIMIT = 1e-4;

  @TestFactory
  Stream<DynamicTest> parametersAndAverageAfterThreeStepsAreTheOfficialOnes() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path folder : GoldenFiles.models()) {
      try (DirectoryStream<Path> runs = Files.newDirectoryStream(folder, "optim_*.safetensors")) {
        for (Path run : runs) {
          for (String backend : GoldenModel.BACKENDS) {
            String title = folder.getFileName() + " " + run.getFileName() + " on " + backend;
            tests.add(DynamicTest.dynamicTest(title, () -> check(folder, run, backend)));
          }
        }
      }
    }
    return tests.isEmpty()
        ? Stream.of(GoldenFiles.absent("*/optim_*.safetensors"))
        : tests.stream();
  }

  private static void check(Path folder, Path run, String backendName) throws IOException {
    JsonNode settings = settings(folder, run);
    try (GoldenModel model = GoldenModel.open(folder, backendName);
        Safetensors golden = Safetensors.open(run);
        OptimizerState state = new OptimizerState(model.network().shape(), model.backend())) {
      Backend backend = model.backend();
      backend.copy(model.network().weights().flat(), state.parameters().flat());
      state.startAverage(backend);
      ScoreNetwork network = new ScoreNetwork(model.network().shape(), state.parameters(), backend);
      Optimizer optimizer = new Optimizer(recipe(settings), backend);
      Objective objective = new DenoisingScoreEntropy(model.process().graph(), backend);
      try (LossGradient gradient = new LossGradient(network, backend)) {
        for (int k = 1; k <= settings.get("steps").intValue(); k++) {
          NoisyBatch batch = batch(golden, "step" + k + ".", model);
          double[] losses =
              gradient.add(
                  objective.ask(batch, k - 1, 0),
                  TrainingMode.PLAIN,
                  1.0 / batch.sequences(),
                  state.gradients());
          double expected = settings.get("loss_f64").get(k - 1).doubleValue();
          double loss = Arrays.stream(losses).average().orElseThrow();
          assertEquals(expected, loss, LOSS_LIMIT * Math.abs(expected), "loss of step " + k);
          Optimizer.Update update = optimizer.update(state);
          double norm = settings.get("grad_norm_before_clip_f64").get(k - 1).doubleValue();
          assertEquals(norm, update.gradientNorm(), 1e-3 * norm, "norm of step " + k);
          double rate = settings.get("lr").get(k - 1).doubleValue();
          assertEquals(rate, update.step().learningRate(), 1e-9 * rate);
        }
      }
      Parameters initial = model.network().weights();
      compare("param.", golden, initial, state.parameters(), backend);
      compare("ema.", golden, initial, state.average(), backend);
    }
  }

  /** {@code optim_wd01.safetensors} is described under {@code optim.wd01} in the meta file. */
  private static JsonNode settings(Path folder, Path run) throws IOException {
    String name = run.getFileName().toString();
    String key = name.substring("optim_".length(), name.length() - ".safetensors".length());
    return new ObjectMapper()
        .readTree(folder.resolve("meta.json").toFile())
        .required("optim")
        .required(key);
  }

  private static Recipe recipe(JsonNode settings) {
    JsonNode optim = settings.required("optim");
    return new Recipe(
        LearningRate.constant(optim.get("lr").doubleValue(), optim.get("warmup").intValue()),
        optim.get("beta1").doubleValue(),
        optim.get("beta2").doubleValue(),
        optim.get("eps").doubleValue(),
        optim.get("weight_decay").doubleValue(),
        optim.get("grad_clip").doubleValue(),
        settings.get("ema_decay").doubleValue());
  }

  private static NoisyBatch batch(Safetensors golden, String prefix, GoldenModel model) {
    float[] times = golden.readFloats(prefix + "t");
    int[] x = ints(golden.readLongs(prefix + "x_t"));
    int[] lengths = new int[times.length];
    Arrays.fill(lengths, x.length / times.length);
    return NoisyBatch.of(
        model.process(),
        RowLayout.ofLengths(lengths),
        IntStream.range(0, times.length).mapToDouble(s -> times[s]).toArray(),
        x,
        ints(golden.readLongs(prefix + "x0")));
  }

  private static int[] ints(long[] values) {
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }

  /** The README's three-part measure, over all parameters together. */
  private static void compare(
      String prefix, Safetensors golden, Parameters initial, Parameters actual, Backend backend) {
    long entries = 0;
    long far = 0;
    double differences = 0;
    double updates = 0;
    for (String name : actual.names()) {
      float[] expected = golden.readFloats(prefix + name);
      float[] before = backend.read(initial.tensor(name));
      float[] after = backend.read(actual.tensor(name));
      for (int i = 0; i < expected.length; i++) {
        double difference = Math.abs((double) expected[i] - after[i]);
        assertTrue(difference <= ALL_WITHIN, prefix + name + "[" + i + "] is off by " + difference);
        far += difference > NEARLY_ALL_WITHIN ? 1 : 0;
        differences += difference * difference;
        updates += Math.pow((double) expected[i] - before[i], 2);
      }
      entries += expected.length;
    }
    assertTrue(
        far <= (1 - NEARLY_ALL) * entries, prefix + ": " + far + " of " + entries + " differ");
    double share = Math.sqrt(differences / updates);
    assertTrue(share < OF_THE_UPDATE, prefix + ": difference is " + share + " of the update");
  }
}
