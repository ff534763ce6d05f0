package io.sedd.launcher.bench;

import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
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
    try (Tensor x = random(rows, in);
        Tensor weight = random(out, in);
        Tensor y = backend.allocate(rows, out)) {
      backend.freeze(weight);
      double seconds =
          stopwatch.median(() -> backend.linear(x, weight, null, Activation.NONE, null, y));
      return new ProductRate(type, what, rows, in, out, seconds);
    }
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
