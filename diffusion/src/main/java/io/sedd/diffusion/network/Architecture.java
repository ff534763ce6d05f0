package io.sedd.diffusion.network;

import io.sedd.diffusion.backend.AttentionMask;

/** In what the networks that the blocks can be put together to differ. */
public enum Architecture {
  /** The score network of SEDD: every position sees all, rotary positions. */
  DIFFUSION,
  /** The same with a causal mask, for the next token. */
  CAUSAL,
  /**
   * GPT-2: a causal mask, learned positions that are added to the embedding, biases in the
   * attention. Its norms' biases are shifts of the modulation, which does not depend on the noise.
   */
  GPT2;

  AttentionMask mask() {
    return switch (this) {
      case DIFFUSION -> AttentionMask.NONE;
      case CAUSAL, GPT2 -> AttentionMask.CAUSAL;
    };
  }

  boolean rotary() {
    return this != GPT2;
  }

  boolean attentionBiases() {
    return this == GPT2;
  }
}
