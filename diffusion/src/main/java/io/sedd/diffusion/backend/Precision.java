package io.sedd.diffusion.backend;

/** In which numbers a backend multiplies matrices; everything else is fp32 or better. */
public enum Precision {
  /** What the backend is usually run with: fp32 on a CPU. */
  DEFAULT,
  /** Factors as they are. */
  FP32,
  /**
   * Both factors of every product rounded to bf16, to the nearest and ties to even; sums in fp32.
   * Weights that are trained stay fp32 and are rounded for each product.
   */
  BF16
}
