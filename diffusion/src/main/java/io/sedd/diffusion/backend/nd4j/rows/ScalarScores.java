package io.sedd.diffusion.backend.nd4j.rows;

import static io.sedd.diffusion.backend.nd4j.rows.Memory.get;
import static io.sedd.diffusion.backend.nd4j.rows.Memory.set;

/** {@link ScoreRows} in plain Java. */
final class ScalarScores implements ScoreRows {

  @Override
  public void entropy(
      long logits, float offset, float a, float b, int n, long gradient, double[] sums) {
    double scores = 0;
    double plain = 0;
    for (int i = 0; i < n; i++) {
      float logit = get(logits + 4L * i);
      float score = (float) Math.exp(logit + offset);
      scores += score;
      plain += logit;
      if (gradient != 0) {
        set(gradient + 4L * i, a * score - b);
      }
    }
    sums[0] += scores;
    sums[1] += plain;
  }

  @Override
  public float maximum(long x, int n) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, get(x + 4L * i));
    }
    return largest;
  }

  @Override
  public double sumWeights(long logits, float offset, float alpha, float beta, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      float score = (float) Math.exp(get(logits + 4L * i) + offset);
      sum += Math.max(0, Math.fma(alpha, score, beta));
    }
    return sum;
  }
}
