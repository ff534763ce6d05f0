package io.sedd.diffusion.network;

import io.sedd.diffusion.backend.Tensor;

/**
 * Sees intermediate values as the network makes them: to compare them with golden numbers, or to
 * find where a number first stopped being finite.
 */
@FunctionalInterface
public interface ActivationObserver {

  /** Sees nothing. */
  ActivationObserver NONE = (name, value) -> {};

  /**
   * @param name such as {@code block3.attn_out}
   * @param value valid during the call only
   */
  void observe(String name, Tensor value);
}
