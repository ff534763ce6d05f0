package io.sedd.diffusion.backend.nd4j.rows;

/** Passes over the scores of one row. */
public interface ScoreRows {

  /** Numbers that are added in fp32 before the sum goes on in double. */
  int BLOCK = 512;

  /**
   * With s = exp(logit + offset): adds the sum of s to {@code sums[0]} and that of the logits to
   * {@code sums[1]}.
   *
   * @param gradient receives a s - b; may be the logits; 0 where none is wanted
   */
  void entropy(long logits, float offset, float a, float b, int n, long gradient, double[] sums);

  /** The largest of n numbers, NaN passed over; minus infinity for none. */
  float maximum(long x, int n);

  /** The smallest of n numbers, NaN passed over; infinity for none. */
  float minimum(long x, int n);

  /** Sum of n numbers. */
  double sum(long x, int n);

  /** Sum of e^(x - shift), none of them above 1. */
  double sumExponentials(long x, float shift, int n);

  /**
   * target = max(0, e^(x - shift) + constant).
   *
   * @param shift at least the largest x
   */
  void weights(long x, float shift, float constant, int n, long target);

  /**
   * target = (max(0, e^(x - shift) + constant) / (1 + constant))^power.
   *
   * @param shift at least the largest x
   * @param constant in (-1, 0]
   */
  void powers(long x, float shift, float constant, float power, int n, long target);
}
