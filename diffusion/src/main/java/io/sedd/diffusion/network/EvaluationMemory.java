package io.sedd.diffusion.network;

/**
 * What weights and evaluations need of a device's memory, at most: numbers are counted as fp32,
 * whatever a backend keeps them in.
 */
public final class EvaluationMemory {

  /** Of the widest moment: x, normed, q k v, mix, attended, normed, four times inner, output. */
  private static final int HIDDEN_WIDTHS = 1 + 1 + 3 + 1 + 1 + 1 + NetworkShape.MLP_RATIO + 1;

  /** Modulation of a block, a sequence. */
  private static final int MODULATION_WIDTHS = 6;

  /** Of the noise's embedding, a sequence: two layers, before and after their activation. */
  private static final int CONDITIONING_WIDTHS = 4;

  private EvaluationMemory() {}

  /** Bytes of all parameters. */
  public static long bytesOfWeights(NetworkShape shape) {
    return Float.BYTES * new ParameterLayout(shape).parameters();
  }

  /** Bytes for each row, the modulation of a sequence of one row among them. */
  public static long bytesPerRow(NetworkShape shape) {
    return (long) Float.BYTES
        * ((HIDDEN_WIDTHS + MODULATION_WIDTHS) * (long) shape.hidden()
            + NetworkShape.FREQUENCIES
            + CONDITIONING_WIDTHS * (long) shape.conditioning());
  }
}
