package io.sedd.worker.checkpoints;

import io.sedd.diffusion.CanaryProbe;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.Parameters;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.diffusion.network.WeightFile;
import io.sedd.protocol.checkpoint.Canary;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointConfig;
import io.sedd.protocol.checkpoint.CheckpointConfig.GraphType;
import io.sedd.protocol.checkpoint.CheckpointConfig.Model;
import io.sedd.protocol.checkpoint.CheckpointConfig.Noise;
import io.sedd.protocol.checkpoint.CheckpointConfig.NoiseType;
import io.sedd.protocol.checkpoint.CheckpointConfigJson;
import io.sedd.protocol.checkpoint.CheckpointDraft;
import io.sedd.protocol.checkpoint.CheckpointStore;
import io.sedd.protocol.checkpoint.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Random networks on bytes: 257 tokens, one block of width 16, up to 64 positions. */
public final class TinyCheckpoints {

  public static final int LENGTH = 64;

  private TinyCheckpoints() {}

  public static CheckpointConfig config(int hidden) {
    return new CheckpointConfig(
        257,
        GraphType.ABSORB,
        new Noise(NoiseType.LOGLINEAR, 1e-4, 20),
        new Model(hidden, 8, LENGTH, 1, 2, true, 0),
        "bytes");
  }

  /** Publishes one and makes it the latest. */
  public static void publish(CheckpointStore store, String name, long seed) throws IOException {
    publish(store, name, seed, 16, 16, Float.NaN, false);
  }

  /** Publishes one that holds a number that is not finite; sizes and hashes are right. */
  public static void publishNotFinite(CheckpointStore store, String name) throws IOException {
    publish(store, name, 1, 16, 16, Float.NaN, true);
  }

  /** Publishes one whose weights have another width than its configuration says. */
  public static void publishOtherShape(CheckpointStore store, String name) throws IOException {
    publish(store, name, 1, 16, 24, 0, false);
  }

  /** Publishes one with a canary that another network sang. */
  public static void publishOtherCanary(CheckpointStore store, String name) throws IOException {
    try (Backend backend = new ReferenceBackend();
        ScoreNetwork other = network(backend, 99, 16);
        ScoreNetwork own = network(backend, 1, 16)) {
      write(store, name, 16, own, canary(other, backend), backend);
    }
  }

  /** Publishes one that is sound in every way and writes one letter only. */
  public static void publishMonotonous(CheckpointStore store, String name) throws IOException {
    try (Backend backend = new ReferenceBackend();
        ScoreNetwork network = network(backend, 1, 16)) {
      Tensor bias = network.weights().tensor("output_layer.linear.bias");
      float[] values = backend.read(bias);
      values['a'] = 30;
      backend.write(MemorySegment.ofArray(values), bias);
      write(store, name, 16, network, canary(network, backend), backend);
    }
  }

  private static void publish(
      CheckpointStore store,
      String name,
      long seed,
      int configured,
      int hidden,
      float odd,
      boolean spoil)
      throws IOException {
    try (Backend backend = new ReferenceBackend();
        ScoreNetwork network = network(backend, seed, hidden)) {
      Canary canary = canary(network, backend);
      if (spoil) {
        Tensor bias = network.weights().tensor("output_layer.linear.bias");
        float[] values = backend.read(bias);
        values[values.length / 2] = odd;
        backend.write(MemorySegment.ofArray(values), bias);
      }
      write(store, name, configured, network, canary, backend);
    }
  }

  private static void write(
      CheckpointStore store,
      String name,
      int configured,
      ScoreNetwork network,
      Canary canary,
      Backend backend)
      throws IOException {
    try (CheckpointDraft draft = store.draft(name)) {
      CheckpointConfigJson.write(
          config(configured), draft.folder().resolve(Checkpoint.CONFIG_FILE));
      WeightFile.write(
          draft.folder().resolve(Checkpoint.MODEL_FILE),
          network.weights(),
          network.shape(),
          TensorType.F32,
          backend);
      draft.publish(1, Instant.EPOCH, Map.of(), Optional.of(canary));
    }
  }

  private static ScoreNetwork network(Backend backend, long seed, int hidden) {
    NetworkShape shape = NetworkShape.of(config(hidden));
    Parameters parameters = Parameters.create(shape, backend);
    SplittableRandom random = new SplittableRandom(seed);
    for (String name : parameters.names()) {
      Tensor tensor = parameters.tensor(name);
      float[] values = new float[Math.toIntExact(tensor.size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = name.contains("norm") ? 1 : (float) random.nextDouble(-0.3, 0.3);
      }
      backend.write(MemorySegment.ofArray(values), tensor);
    }
    return new ScoreNetwork(shape, parameters, backend);
  }

  private static Canary canary(ScoreNetwork network, Backend backend) {
    return new CanaryProbe(backend)
        .record(network, List.of(new int[] {257, 65, 257, 66}), new double[] {0.5});
  }
}
