package io.sedd.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.cuda.kernels.EmulatedBackend;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.BackendProvider;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.Parameters;
import io.sedd.diffusion.network.ScoreNetwork;
import java.io.File;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** An installation for cards has no need of ND4J's jars: nothing on the way to them loads it. */
class CudaWithoutNd4jTest {

  private static final NetworkShape SHAPE = new NetworkShape(9, 32, 8, 5, 1, 2, true);

  @Test
  void theCudaAndTheReferenceBackendRunWithNothingOfNd4j() throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("nd4j") && !entry.contains("bytedeco"))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xlog:class+load",
                "-cp",
                classPath,
                CudaWithoutNd4jTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    String said =
        output
            .lines()
            .filter(line -> !line.contains("[class,load]"))
            .collect(Collectors.joining("\n"));
    assertEquals(0, process.exitValue(), said);
    assertTrue(said.contains("cuda was probed: "), said);
    assertTrue(said.contains("reference and cuda agree"), said);
    assertTrue(output.contains("io.sedd.cuda.kernels.CudaKernels"), said);
    assertFalse(output.contains("org.nd4j.") || output.contains("org.bytedeco."), said);
  }

  /** The other process. */
  public static void main(String[] arguments) {
    BackendProvider cuda =
        ServiceLoader.load(BackendProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.name().equals("cuda"))
            .findFirst()
            .orElseThrow();
    System.out.println("cuda was probed: " + cuda.probe().reason());
    BackendOptions bf16 = BackendOptions.of(Precision.BF16);
    try (Backend reference = Backends.open(Optional.of("reference"), bf16);
        Backend emulated = EmulatedBackend.open()) {
      float[] expected = logits(reference);
      float[] actual = logits(emulated);
      for (int i = 0; i < expected.length; i++) {
        if (!(Math.abs(expected[i] - actual[i]) < 0.05)) {
          throw new IllegalStateException(
              "logit %d is %s, not %s".formatted(i, actual[i], expected[i]));
        }
      }
      float largest = 0;
      for (float logit : expected) {
        largest = Math.max(largest, Math.abs(logit));
      }
      System.out.println("reference and cuda agree on logits up to " + largest);
    }
  }

  private static float[] logits(Backend backend) {
    Parameters weights = Parameters.create(SHAPE, backend);
    SplittableRandom random = new SplittableRandom(1);
    for (String name : weights.names()) {
      Tensor tensor = weights.tensor(name);
      float[] values = new float[Math.toIntExact(tensor.size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextDouble(-0.3, 0.3);
      }
      backend.write(MemorySegment.ofArray(values), tensor);
    }
    try (ScoreNetwork network = new ScoreNetwork(SHAPE, weights, backend);
        Workspace workspace = backend.workspace()) {
      RowLayout layout = RowLayout.ofLengths(5, 2);
      int[] tokens = {8, 1, 8, 3, 8, 0, 8};
      NetworkInput input = NetworkInput.ofAll(layout, tokens, new double[] {0.5, 2});
      float[] plain = backend.read(network.logits(input, workspace));
      weights.freeze(backend);
      workspace.reset();
      float[] frozen = backend.read(network.logits(input, workspace));
      if (!Arrays.equals(plain, frozen)) {
        throw new IllegalStateException("frozen weights give other logits");
      }
      return frozen;
    }
  }
}
