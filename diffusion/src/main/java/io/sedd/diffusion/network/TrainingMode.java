package io.sedd.diffusion.network;

import io.sedd.diffusion.backend.Dropout;

/**
 * How a forward pass is made that a backward pass follows.
 *
 * @param dropout after the attention and after the MLP of each block, before their gates
 * @param recompute whether only the input of each block is kept and the rest computed again on the
 *     way back (gradient checkpointing, arXiv 1604.06174): memory of one block instead of all, for
 *     one more forward pass; the gradients are the same to the bit
 */
public record TrainingMode(Dropout dropout, boolean recompute) {

  /** No dropout, everything kept. */
  public static final TrainingMode PLAIN = new TrainingMode(Dropout.NONE, false);
}
