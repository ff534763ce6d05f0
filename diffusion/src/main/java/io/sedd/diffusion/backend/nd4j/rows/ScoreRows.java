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

  /** The largest of n numbers; NaN if one is; minus infinity for none. */
  float maximum(long x, int n);

  /** Sum of max(0, alpha e^(logit + offset) + beta) in double. */
  double sumWeights(long logits, float offset, float alpha, float beta, int n);
}
