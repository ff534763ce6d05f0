package io.sedd.diffusion.network;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.nd4j.OperationsProvider;
import io.sedd.protocol.checkpoint.CheckpointConfig;
import io.sedd.protocol.checkpoint.CheckpointConfigJson;
import io.sedd.protocol.checkpoint.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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

  @Override
  public void close() {
    network.close();
    backend.close();
  }
}
