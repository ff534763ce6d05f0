package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.Activation;

/** Values and derivatives of {@link Activation}. */
final class Activations {

  private static final double ROOT_2_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715;

  private Activations() {}

  static double value(Activation activation, double u) {
    return switch (activation) {
      case NONE -> u;
      case GELU -> u / 2 * (1 + Math.tanh(ROOT_2_OVER_PI * (u + CUBIC * u * u * u)));
      case SILU -> u / (1 + Math.exp(-u));
    };
  }

  static double derivative(Activation activation, double u) {
    return switch (activation) {
      case NONE -> 1;
      case GELU -> {
        double tanh = Math.tanh(ROOT_2_OVER_PI * (u + CUBIC * u * u * u));
        double inner = ROOT_2_OVER_PI * (1 + 3 * CUBIC * u * u);
        yield (1 + tanh) / 2 + u / 2 * (1 - tanh * tanh) * inner;
      }
      case SILU -> {
        double sigmoid = 1 / (1 + Math.exp(-u));
        yield sigmoid * (1 + u * (1 - sigmoid));
      }
    };
  }
}
