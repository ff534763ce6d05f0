package io.sedd.protocol.checkpoint;

import java.util.Optional;

/**
 * What a checkpoint's {@code config.json} says: the official SEDD keys, plus {@code tokenizer}.
 *
 * @param tokens number of tokens, without the mask that the absorbing graph adds
 * @param graph which noising process
 * @param noise its schedule
 * @param model shape of the network
 * @param tokenizer {@code gpt2}, {@code bytes}, or the name of a {@code tokenizer.json} beside the
 *     config; {@link #NO_TOKENIZER} where the config names none
 */
public record CheckpointConfig(
    int tokens, GraphType graph, Noise noise, Model model, String tokenizer) {

  /** The tokenizer of a config that names none: good for tokens in and out only. */
  public static final String NO_TOKENIZER = "";

  /** The noising processes of the paper. */
  public enum GraphType {
    /** {@code absorb}: tokens turn into one mask state. */
    ABSORB,
    /** {@code uniform}: tokens turn into other tokens. */
    UNIFORM
  }

  /** The noise schedules of the paper. */
  public enum NoiseType {
    LOGLINEAR,
    GEOMETRIC
  }

  /**
   * A noise schedule.
   *
   * @param type which one
   * @param sigmaMin total noise at t = 0, for the geometric one
   * @param sigmaMax total noise at t = 1, for the geometric one
   */
  public record Noise(NoiseType type, double sigmaMin, double sigmaMax) {}

  /**
   * Shape of the network.
   *
   * @param hiddenSize width of the residual stream
   * @param condDim width of the noise conditioning
   * @param length longest sequence it was trained on, tokens
   * @param blocks transformer blocks ({@code n_blocks})
   * @param heads attention heads ({@code n_heads}); divides the hidden size
   * @param scaleBySigma whether the output is shifted by -ln(expm1(sigma)) - ln(V - 1)
   * @param dropout probability in training
   */
  public record Model(
      int hiddenSize,
      int condDim,
      int length,
      int blocks,
      int heads,
      boolean scaleBySigma,
      double dropout) {}

  /** Number of states per position, V: the tokens, plus the mask for the absorbing graph. */
  public int states() {
    return graph == GraphType.ABSORB ? tokens + 1 : tokens;
  }

  /**
   * The tokenizer's name, where text is to be read or written.
   *
   * @throws CheckpointException if the config names none
   */
  public String requiredTokenizer() {
    if (tokenizer.equals(NO_TOKENIZER)) {
      throw new CheckpointException(
          "the checkpoint's config.json names no tokenizer for its "
              + tokens
              + " tokens; add \"tokenizer\": \"gpt2\", \"bytes\" or the name of a tokenizer.json"
              + " beside it");
    }
    return tokenizer;
  }

  /**
   * Name of the tokenizer's own file beside the config, where it is neither built in nor absent.
   */
  public Optional<String> tokenizerFile() {
    return switch (tokenizer) {
      case NO_TOKENIZER, "gpt2", "bytes" -> Optional.empty();
      case String file -> Optional.of(file);
    };
  }
}
