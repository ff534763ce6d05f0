package io.sedd.diffusion.backend.nd4j.rows;

import static io.sedd.diffusion.backend.nd4j.rows.Lanes.COUNT;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.broadcast;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.load;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link ScoreRows} with the Vector API; what no vector holds is done one by one. */
final class VectorScores implements ScoreRows {

  private final ScalarScores rest = new ScalarScores();

  @Override
  public void entropy(
      long logits, float offset, float a, float b, int n, long gradient, double[] sums) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int start = 0; start < bound; start += BLOCK) {
      int end = Math.min(start + BLOCK, bound);
      FloatVector scores = broadcast(0f);
      FloatVector plain = broadcast(0f);
      FloatVector minusB = broadcast(-b);
      for (int i = start; i < end; i += COUNT) {
        FloatVector logit = load(logits + 4L * i);
        FloatVector score = Lanes.exp(logit.add(offset));
        scores = scores.add(score);
        plain = plain.add(logit);
        if (gradient != 0) {
          store(score.fma(broadcast(a), minusB), gradient + 4L * i);
        }
      }
      sums[0] += Lanes.sum(scores);
      sums[1] += Lanes.sum(plain);
    }
    long done = 4L * bound;
    long gradientRest = gradient == 0 ? 0 : gradient + done;
    rest.entropy(logits + done, offset, a, b, n - bound, gradientRest, sums);
  }

  @Override
  public float maximum(long x, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    FloatVector largest = broadcast(Float.NEGATIVE_INFINITY);
    for (int i = 0; i < bound; i += COUNT) {
      largest = largest.max(load(x + 4L * i));
    }
    float inVectors = largest.reduceLanes(VectorOperators.MAX);
    return Math.max(inVectors, rest.maximum(x + 4L * bound, n - bound));
  }

  @Override
  public double sumWeights(long logits, float offset, float alpha, float beta, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    FloatVector betas = broadcast(beta);
    double total = 0;
    for (int start = 0; start < bound; start += BLOCK) {
      int end = Math.min(start + BLOCK, bound);
      FloatVector sum = broadcast(0f);
      for (int i = start; i < end; i += COUNT) {
        FloatVector score = Lanes.exp(load(logits + 4L * i).add(offset));
        sum = sum.add(score.fma(broadcast(alpha), betas).max(0f));
      }
      total += Lanes.sum(sum);
    }
    return total + rest.sumWeights(logits + 4L * bound, offset, alpha, beta, n - bound);
  }
}
