package io.sedd.diffusion.backend;

/** Which positions of its own sequence a position attends to. */
public enum AttentionMask {

  /** All of them, as denoising does. */
  NONE {
    @Override
    public int end(int position, int length) {
      return length;
    }
  },

  /** Itself and those before it, as the prediction of the next token does. */
  CAUSAL {
    @Override
    public int end(int position, int length) {
      return position + 1;
    }
  };

  /** The position after the last one that {@code position} attends to; it attends from 0 on. */
  public abstract int end(int position, int length);
}
