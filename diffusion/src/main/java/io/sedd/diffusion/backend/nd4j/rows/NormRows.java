package io.sedd.diffusion.backend.nd4j.rows;

/** LayerNorm with modulation on one row of {@code n} numbers. */
public interface NormRows {

  /** Added to the variance, as in the official network. */
  float EPSILON = 1e-5f;

  /** Writes mean and 1/sqrt(variance + 1e-5) side by side. */
  void moments(long x, int n, long statistics);

  /** z = (x - mean) inverse weight (1 + scale) + shift. */
  void modulate(
      long x, float mean, float inverse, long weight, long shift, long scale, long z, int n);

  /**
   * With x̂ = (x - mean) inverse and g = dz weight (1 + scale):
   *
   * <pre>
   *   dx += inverse (g - mean(g) - x̂ mean(g x̂));  sumDz += dz;  sumDzNorm += dz x̂
   * </pre>
   */
  void modulateBackward(
      long dz,
      long x,
      float mean,
      float inverse,
      long weight,
      long scale,
      long dx,
      long sumDz,
      long sumDzNorm,
      int n);
}
