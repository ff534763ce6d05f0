package io.sedd.diffusion.backend.nd4j.rows;

/**
 * Activations on {@code n} numbers. GELU in its tanh form is written as a logistic function, which
 * has no cancellation: u/2 (1 + tanh z) = u / (1 + e^-2z), z = sqrt(2/pi) (u + 0.044715 u³).
 */
public interface ActivationRows {

  /** 2 sqrt(2/pi). */
  float TWICE_ROOT = 1.5957692f;

  /** Of u³. */
  float CUBIC = 0.044715f;

  /** Largest argument of the exponential: e^80 (1 / (1 + e^80)) is still 1 in fp32. */
  float LARGEST = 80f;

  /** y = GELU(u); y may be u. */
  void gelu(long u, long y, int n);

  /** dy *= GELU'(u). */
  void geluBackward(long u, long dy, int n);

  /** y = u / (1 + e^-u); y may be u. */
  void silu(long u, long y, int n);

  /** dy *= SiLU'(u). */
  void siluBackward(long u, long dy, int n);

  /**
   * Rotates the pairs (a, b) of {@code heads} heads of 2 half numbers each, halves side by side:
   * (a, b) becomes (a cos - b sin, b cos + a sin); the angles' {@code half} cosines and sines are
   * the same for all heads.
   *
   * @param direction 1, or -1 for the opposite angle
   */
  void rotate(long x, int heads, int half, long cos, long sin, float direction);
}
