package io.sedd.diffusion.network;

import io.sedd.diffusion.backend.Tensor;

/**
 * What is left of an evaluation when the blocks have run: the vocabulary projection, piece by
 * piece, so that the logits of all rows need not exist at once.
 */
@FunctionalInterface
public interface Head {

  /**
   * Logits of the wanted rows from {@code from} up to {@code to}, [to - from, V], as of {@link
   * ScoreModel#logits}; valid until the workspace of the evaluation is released.
   */
  Tensor logits(int from, int to);
}
