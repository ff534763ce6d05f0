package io.sedd.protocol.checkpoint;

import java.util.Locale;
import java.util.Optional;

/**
 * What a checkpoint's {@code config.json} says: the official SEDD keys, plus {@code tokenizer}.
 *
 * @param tokens number of tokens, without the mask that the absorbing graph adds
 * @param graph which noising process
 * @param noise its schedule
 * @param model shape of the network
 * @param objective what the network was trained for, and so how its output is read
 * @param tokenizer {@code gpt2}, {@code bytes}, or the name of a {@code tokenizer.json} beside the
 *     config; {@link #NO_TOKENIZER} where the config names none
 */
public record CheckpointConfig(
    int tokens, GraphType graph, Noise noise, Model model, Objective objective, String tokenizer) {

  /** The tokenizer of a config that names none: good for tokens in and out only. */
  public static final String NO_TOKENIZER = "";

  /** A network that was trained by score entropy, as the official ones are. */
  public CheckpointConfig(int tokens, GraphType graph, Noise noise, Model model, String tokenizer) {
    this(tokens, graph, noise, model, Objective.SCORE_ENTROPY, tokenizer);
  }

  /** What a network was trained for. */
  public enum Objective {
    /** Denoising score entropy, the paper's; the output is log scores. */
    SCORE_ENTROPY,
    /** Score entropy without the clean text in it; the output is log scores. */
    IMPLICIT_SCORE_ENTROPY,
    /** Squared error of the scores; the output is log scores. */
    CONCRETE_SCORE_MATCHING,
    /** Cross-entropy of the clean token; the output is its logits, and scores follow from them. */
    MEAN_PREDICTION,
    /** The next token; there are no scores, and nothing to denoise with. */
    AUTOREGRESSIVE;

    /** Whether the network's output is log scores. */
    public boolean givesLogScores() {
      return switch (this) {
        case SCORE_ENTROPY, IMPLICIT_SCORE_ENTROPY, CONCRETE_SCORE_MATCHING -> true;
        case MEAN_PREDICTION, AUTOREGRESSIVE -> false;
      };
    }

    /** As {@code config.json} has it. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

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
