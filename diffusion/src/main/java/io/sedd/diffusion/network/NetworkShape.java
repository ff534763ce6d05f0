package io.sedd.diffusion.network;

import io.sedd.protocol.checkpoint.CheckpointConfig;

/**
 * Shape of a score network.
 *
 * @param states V: states per position
 * @param hidden h: width of the residual stream
 * @param conditioning width of the noise conditioning
 * @param length longest sequence it was made for
 * @param blocks transformer blocks
 * @param heads attention heads
 * @param scaleBySigma whether log scores are the logits shifted by -ln(expm1(sigma)) - ln(V - 1)
 * @param architecture in what it differs from the score network
 */
public record NetworkShape(
    int states,
    int hidden,
    int conditioning,
    int length,
    int blocks,
    int heads,
    boolean scaleBySigma,
    Architecture architecture) {

  /** Width of the sinusoidal features of sigma. */
  public static final int FREQUENCIES = 256;

  /** The MLP's inner width is this many times the hidden size. */
  public static final int MLP_RATIO = 4;

  /** A score network. */
  public NetworkShape(
      int states,
      int hidden,
      int conditioning,
      int length,
      int blocks,
      int heads,
      boolean scaleBySigma) {
    this(states, hidden, conditioning, length, blocks, heads, scaleBySigma, Architecture.DIFFUSION);
  }

  /** The same network for sequences of another length. */
  public NetworkShape withLength(int tokens) {
    return new NetworkShape(
        states, hidden, conditioning, tokens, blocks, heads, scaleBySigma, architecture);
  }

  public NetworkShape {
    if (states < 2 || hidden < 1 || conditioning < 1 || length < 1 || blocks < 1 || heads < 1) {
      throw new IllegalArgumentException(
          "states, hidden, conditioning, length, blocks and heads must be positive: "
              + states
              + ", "
              + hidden
              + ", "
              + conditioning
              + ", "
              + length
              + ", "
              + blocks
              + ", "
              + heads);
    }
    if (hidden % heads != 0 || hidden / heads % 2 != 0) {
      throw new IllegalArgumentException(
          "hidden size " + hidden + " does not split into " + heads + " heads of even size");
    }
  }

  /** The shape that a checkpoint's configuration describes. */
  public static NetworkShape of(CheckpointConfig config) {
    CheckpointConfig.Model model = config.model();
    return new NetworkShape(
        config.states(),
        model.hiddenSize(),
        model.condDim(),
        model.length(),
        model.blocks(),
        model.heads(),
        model.scaleBySigma() && config.objective().givesLogScores(),
        config.objective() == CheckpointConfig.Objective.AUTOREGRESSIVE
            ? Architecture.CAUSAL
            : Architecture.DIFFUSION);
  }

  /** Width of one attention head. */
  public int headSize() {
    return hidden / heads;
  }

  /**
   * What is added to the logits of a sequence with total noise {@code sigma} to give log scores.
   */
  public double logOffset(double sigma) {
    return scaleBySigma ? -Math.log(Math.expm1(sigma)) - Math.log(states - 1.0) : 0;
  }
}
