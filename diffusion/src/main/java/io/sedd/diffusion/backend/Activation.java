package io.sedd.diffusion.backend;

/** What a linear layer applies to its output. */
public enum Activation {
  NONE,
  /** u/2 (1 + tanh(sqrt(2/pi) (u + 0.044715 u^3))). */
  GELU,
  /** u / (1 + e^-u). */
  SILU
}
