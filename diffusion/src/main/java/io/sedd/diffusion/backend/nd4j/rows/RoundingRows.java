package io.sedd.diffusion.backend.nd4j.rows;

/** Rounding of fp32 to bf16, to the nearest and ties to even, and the way back; NaN stays NaN. */
public interface RoundingRows {

  /** {@code n} numbers of 2 bytes at the target. */
  void toBf16(long source, long target, int n);

  /** {@code n} fp32 numbers that are bf16's; the target may be the source. */
  void round(long source, long target, int n);

  /** {@code n} fp32 numbers from as many of 2 bytes at the source. */
  void widen(long source, long target, int n);
}
