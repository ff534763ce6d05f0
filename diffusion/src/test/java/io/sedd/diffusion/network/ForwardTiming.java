package io.sedd.diffusion.network;

import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * Prints the forward's rate of SEDD-small (768 x 12, V 50,258, random weights, one sequence, all
 * rows) beside that of its matrix products alone, taken in turn. Arguments: precision, sequence
 * length, rounds; threads are those of the machine.
 */
public final class ForwardTiming {

  private static final int HIDDEN = 768;
  private static final int BLOCKS = 12;
  private static final int STATES = 50_258;

  private ForwardTiming() {}

  public static void main(String[] arguments) {
    Precision precision = Precision.valueOf(arguments[0].toUpperCase(Locale.ROOT));
    int length = Integer.parseInt(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    NetworkShape shape = new NetworkShape(STATES, HIDDEN, 128, length, BLOCKS, 12, true);
    try (Backend backend = Backends.open(Optional.of("nd4j"), BackendOptions.of(precision));
        Workspace workspace = backend.workspace();
        Parameters weights = Parameters.create(shape, backend)) {
      System.out.println(backend.description());
      Initialization.official(weights, 1, backend);
      weights.freeze(backend);
      ScoreNetwork network = new ScoreNetwork(shape, weights, backend);
      int[] tokens = new Random(1).ints(length, 0, STATES).toArray();
      NetworkInput input =
          NetworkInput.ofAll(RowLayout.ofLengths(length), tokens, new double[] {1});
      Products products = new Products(backend, weights, length);
      double[] forward = new double[rounds];
      double[] alone = new double[rounds];
      for (int round = -1; round < rounds; round++) {
        double f = seconds(() -> network.logits(input, workspace));
        workspace.reset();
        double p = seconds(products);
        if (round >= 0) {
          forward[round] = f;
          alone[round] = p;
        }
      }
      Arrays.sort(forward);
      Arrays.sort(alone);
      double f = forward[rounds / 2];
      double p = alone[rounds / 2];
      double work = products.work();
      double attention = 4.0 * length * length * HIDDEN * BLOCKS;
      System.out.printf(
          Locale.ROOT,
          "forward %.0f ms, %.0f GFLOP/s with attention; its products alone %.0f ms, %.0f GFLOP/s:"
              + " share %.3f%n",
          1e3 * f,
          (work + attention) / f / 1e9,
          1e3 * p,
          work / p / 1e9,
          (work + attention) / f / (work / p));
    }
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return 1e-9 * (System.nanoTime() - start);
  }

  /** The products of all blocks and of the head, with no bias and no activation. */
  private static final class Products implements Runnable {
    private static final String[] NAMES = {
      "attn_qkv.weight", "attn_out.weight", "mlp.0.weight", "mlp.2.weight"
    };

    private final Backend backend;
    private final Parameters weights;
    private final Tensor narrow;
    private final Tensor wide;
    private final Tensor out;
    private final int length;

    Products(Backend backend, Parameters weights, int length) {
      this.backend = backend;
      this.weights = weights;
      this.length = length;
      this.narrow = random(length, HIDDEN);
      this.wide = random(length, 4 * HIDDEN);
      this.out = backend.allocate(length, STATES);
    }

    private Tensor random(int rows, int columns) {
      Random random = new Random(rows);
      float[] values = new float[rows * columns];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextFloat() - 0.5f;
      }
      Tensor tensor = backend.allocate(rows, columns);
      backend.write(MemorySegment.ofArray(values), tensor);
      return tensor;
    }

    @Override
    public void run() {
      for (int block = 0; block < BLOCKS; block++) {
        for (String name : NAMES) {
          multiply(weights.tensor("blocks." + block + "." + name));
        }
      }
      multiply(weights.tensor("output_layer.linear.weight"));
    }

    private void multiply(Tensor weight) {
      Tensor x = weight.columns() == HIDDEN ? narrow : wide;
      Tensor y = out.view(0, length, weight.rows());
      backend.linear(x, weight, null, Activation.NONE, null, y);
    }

    double work() {
      return 2.0 * length * HIDDEN * (12.0 * HIDDEN * BLOCKS + STATES);
    }
  }
}
