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
      float value = get(x + 4L * i);
      largest = value > largest ? value : largest;
    }
    return largest;
  }

  @Override
  public float minimum(long x, int n) {
    float smallest = Float.POSITIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      float value = get(x + 4L * i);
      smallest = value < smallest ? value : smallest;
    }
    return smallest;
  }

  @Override
  public double sum(long x, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += get(x + 4L * i);
    }
    return sum;
  }

  @Override
  public double sumExponentials(long x, float shift, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += (float) Math.exp(get(x + 4L * i) - shift);
    }
    return sum;
  }

  @Override
  public void weights(long x, float shift, float constant, int n, long target) {
    for (int i = 0; i < n; i++) {
      set(target + 4L * i, Math.max(0, (float) Math.exp(get(x + 4L * i) - shift) + constant));
    }
  }

  @Override
  public void powers(long x, float shift, float constant, float power, int n, long target) {
    for (int i = 0; i < n; i++) {
      double exponent = get(x + 4L * i) - shift;
      if (constant != 0) {
        exponent = Math.log(Math.max(0, Math.exp(exponent) + constant)) - Math.log1p(constant);
      }
      set(target + 4L * i, (float) Math.exp(power * exponent));
    }
  }
}
