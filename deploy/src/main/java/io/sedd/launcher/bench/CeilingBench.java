package io.sedd.launcher.bench;

import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.NetworkShape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What the device's matrix product reaches through the backend, with frozen weights and nothing
 * around it: on large matrices and on the network's own. The best of them is the ceiling.
 */
final class CeilingBench {

  /** All shares hang on the ceiling: a disturbance must not decide it. */
  private static final int LEAST_ROUNDS = 5;

  private static final double SECONDS_OF_CALLS = 5e-3;
  private static final int MOST_CALLS = 64;

  /** Inner side of the product that makes a factor. */
  private static final int INNER = 16;

  private final Backend backend;
  private final NumberType type;
  private final Stopwatch stopwatch;

  CeilingBench(Backend backend, NumberType type, Stopwatch stopwatch) {
    this.backend = backend;
    this.type = type;
    this.stopwatch =
        new Stopwatch(
            stopwatch.nanos(), Math.max(LEAST_ROUNDS, stopwatch.rounds()), stopwatch.seconds());
  }

  /**
   * All products.
   *
   * @param rows of the network's own products
   * @param large whether large ones are measured too
   */
  List<ProductRate> measure(NetworkShape shape, int rows, boolean large) {
    int h = shape.hidden();
    List<ProductRate> rates = new ArrayList<>();
    if (large) {
      rates.add(measure("large", 2048, 768, 3072));
      rates.add(measure("large", 2048, 2048, 2048));
    }
    rates.add(measure("q, k, v", rows, h, 3 * h));
    rates.add(measure("attention out", rows, h, h));
    rates.add(measure("MLP in", rows, h, NetworkShape.MLP_RATIO * h));
    rates.add(measure("MLP out", rows, NetworkShape.MLP_RATIO * h, h));
    rates.add(measure("head", rows, h, shape.states()));
    return rates;
  }

  private ProductRate measure(String what, int rows, int in, int out) {
    try (Workspace workspace = backend.workspace();
        Tensor plain = random(out, in);
        Tensor frozen = frozen(plain);
        Tensor y = backend.allocate(rows, out)) {
      Tensor x = factor(rows, in, workspace);
      Runnable product = () -> backend.linear(x, frozen, null, Activation.NONE, null, y);
      product.run();
      backend.finish();
      int calls = calls(stopwatch.once(() -> repeat(product, 1)));
      return new ProductRate(
          type, what, rows, in, out, stopwatch.median(() -> repeat(product, calls)) / calls);
    }
  }

  /** In the form that products like best; a window on it if that is the weight itself. */
  private Tensor frozen(Tensor weight) {
    Tensor frozen = backend.freeze(weight);
    return frozen == weight ? weight.view(0, weight.rows(), weight.columns()) : frozen;
  }

  /** So many that waiting for a device that computes beside the host is not what is measured. */
  private static int calls(double seconds) {
    return (int) Math.clamp(SECONDS_OF_CALLS / seconds, 1, MOST_CALLS);
  }

  private void repeat(Runnable product, int calls) {
    for (int i = 0; i < calls; i++) {
      product.run();
    }
    backend.finish();
  }

  /** A factor as the network has it: what a product has written. */
  private Tensor factor(int rows, int columns, Workspace workspace) {
    Tensor result = workspace.takeFactor(rows, columns);
    try (Tensor x = random(rows, INNER);
        Tensor weight = random(columns, INNER)) {
      backend.linear(x, weight, null, Activation.NONE, null, result);
      backend.finish();
    }
    return result;
  }

  private Tensor random(int rows, int columns) {
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    Tensor tensor = backend.allocate(rows, columns);
    backend.write(MemorySegment.ofArray(values), tensor);
    return tensor;
  }
}
