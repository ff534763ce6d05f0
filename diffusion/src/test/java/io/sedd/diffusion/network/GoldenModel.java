package io.sedd.diffusion.network;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.GoldenFiles;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.backend.EntropyTerm;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.backend.nd4j.OperationsProvider;
import io.sedd.diffusion.process.NoiseSchedule;
import io.sedd.protocol.checkpoint.CheckpointConfig;
import io.sedd.protocol.checkpoint.CheckpointConfigJson;
import io.sedd.protocol.checkpoint.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A model of the golden set, its weights loaded into one backend. */
public record GoldenModel(
    Path folder, CheckpointConfig config, Backend backend, ScoreNetwork network)
    implements AutoCloseable {

  /** Every backend that the golden numbers are checked on. */
  public static final List<String> BACKENDS = List.of("reference", "nd4j", OperationsProvider.NAME);

  /** Those of them that multiply in a precision. */
  public static List<String> backends(Precision precision) {
    return BACKENDS.stream()
        .filter(name -> precision != Precision.BF16 || !name.equals(OperationsProvider.NAME))
        .toList();
  }

  /** Opens the model in {@code folder} on a backend chosen by name, in fp32. */
  public static GoldenModel open(Path folder, String backendName) {
    return open(folder, backendName, Precision.FP32);
  }

  /** The same in a precision. */
  public static GoldenModel open(Path folder, String backendName, Precision precision) {
    return open(folder, Backends.open(Optional.of(backendName), BackendOptions.of(precision)));
  }

  /** The same on a backend, which it owns from here on. */
  public static GoldenModel open(Path folder, Backend backend) {
    try (Safetensors weights = Safetensors.open(folder.resolve("model.safetensors"))) {
      CheckpointConfig config = CheckpointConfigJson.read(folder.resolve("config.json"));
      NetworkShape shape = NetworkShape.of(config);
      return new GoldenModel(
          folder,
          config,
          backend,
          new ScoreNetwork(shape, WeightFile.read(weights, shape, backend), backend));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of numbers beside the weights. */
  public Safetensors numbers(String name) {
    try {
      return Safetensors.open(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The graph and the noise of its configuration. */
  public DiffusionProcess process() {
    return DiffusionProcess.of(config);
  }

  /** A rectangular batch of a file, laid end to end. */
  public static NetworkInput input(Safetensors file, String indices, String sigmas) {
    float[] values = file.readFloats(sigmas);
    double[] sigma = IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    int[] tokens = GoldenFiles.integers(file, indices);
    return NetworkInput.ofAll(layout(sigma.length, tokens.length), tokens, sigma);
  }

  private static RowLayout layout(int sequences, int rows) {
    int[] lengths = new int[sequences];
    Arrays.fill(lengths, rows / sequences);
    return RowLayout.ofLengths(lengths);
  }

  /** Logits and offset together, 0 at each row's own state. */
  public float[] logScores(NetworkInput input, Tensor logits) {
    float[] scores = backend.read(logits);
    int v = logits.columns();
    for (int r = 0; r < logits.rows(); r++) {
      double offset = network.logOffset(input.sigma()[input.layout().sequenceOf(r)]);
      for (int y = 0; y < v; y++) {
        scores[r * v + y] = (float) (scores[r * v + y] + offset);
      }
      scores[r * v + input.tokens()[r]] = 0;
    }
    return scores;
  }

  /**
   * Adds the gradients of the batch of {@code loss.safetensors}.
   *
   * @return its mean loss
   */
  public double backward(Parameters gradients) {
    try (Safetensors loss = numbers("loss.safetensors");
        Workspace workspace = backend.workspace()) {
      float[] times = loss.readFloats("t");
      int[] x = GoldenFiles.integers(loss, "x_t");
      int[] x0 = GoldenFiles.integers(loss, "x0");
      NoiseSchedule noise = process().noise();
      double[] sigma = new double[times.length];
      double[] weight = new double[times.length];
      List<EntropyTerm> terms = new ArrayList<>();
      for (int s = 0; s < times.length; s++) {
        sigma[s] = noise.total(times[s]);
        weight[s] = noise.rate(times[s]) / times.length;
        terms.add(new EntropyTerm(sigma[s], network.logOffset(sigma[s]), weight[s]));
      }
      NetworkInput input = NetworkInput.ofAll(layout(times.length, x.length), x, sigma);
      TrainingPass pass = network.forwardForTraining(input, workspace);
      double[] rows = new double[x.length];
      backend.scoreEntropy(
          process().graph(), pass.logits(), input.layout(), x, x0, terms, rows, pass.logits());
      network.backward(pass, pass.logits(), gradients, workspace);
      double mean = 0;
      for (int r = 0; r < rows.length; r++) {
        mean += weight[input.layout().sequenceOf(r)] * rows[r];
      }
      return mean;
    }
  }

  @Override
  public void close() {
    network.close();
    backend.close();
  }
}
