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
    FloatVector a = broadcast(Float.NEGATIVE_INFINITY);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int i = 0;
    for (; i + 4 * COUNT <= bound; i += 4 * COUNT) {
      long at = x + 4L * i;
      a = Lanes.larger(load(at), a);
      b = Lanes.larger(load(at + 4L * COUNT), b);
      c = Lanes.larger(load(at + 8L * COUNT), c);
      d = Lanes.larger(load(at + 12L * COUNT), d);
    }
    for (; i < bound; i += COUNT) {
      a = Lanes.larger(load(x + 4L * i), a);
    }
    FloatVector largest = Lanes.larger(Lanes.larger(a, b), Lanes.larger(c, d));
    float inVectors = largest.reduceLanes(VectorOperators.MAX);
    return Math.max(inVectors, rest.maximum(x + 4L * bound, n - bound));
  }

  @Override
  public float minimum(long x, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    FloatVector a = broadcast(Float.POSITIVE_INFINITY);
    FloatVector b = a;
    int i = 0;
    for (; i + 2 * COUNT <= bound; i += 2 * COUNT) {
      long at = x + 4L * i;
      a = Lanes.smaller(load(at), a);
      b = Lanes.smaller(load(at + 4L * COUNT), b);
    }
    for (; i < bound; i += COUNT) {
      a = Lanes.smaller(load(x + 4L * i), a);
    }
    float inVectors = Lanes.smaller(a, b).reduceLanes(VectorOperators.MIN);
    return Math.min(inVectors, rest.minimum(x + 4L * bound, n - bound));
  }

  @Override
  public double sum(long x, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    double total = 0;
    for (int start = 0; start < bound; start += BLOCK) {
      int end = Math.min(start + BLOCK, bound);
      FloatVector sum = broadcast(0f);
      for (int i = start; i < end; i += COUNT) {
        sum = sum.add(load(x + 4L * i));
      }
      total += Lanes.sum(sum);
    }
    return total + rest.sum(x + 4L * bound, n - bound);
  }

  @Override
  public double sumExponentials(long x, float shift, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    double total = 0;
    for (int start = 0; start < bound; start += BLOCK) {
      int end = Math.min(start + BLOCK, bound);
      FloatVector sum = broadcast(0f);
      for (int i = start; i < end; i += COUNT) {
        sum = sum.add(Lanes.expOfNegative(load(x + 4L * i).sub(shift)));
      }
      total += Lanes.sum(sum);
    }
    return total + rest.sumExponentials(x + 4L * bound, shift, n - bound);
  }

  @Override
  public void weights(long x, float shift, float constant, int n, long target) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += COUNT) {
      FloatVector score = Lanes.expOfNegative(load(x + 4L * i).sub(shift));
      store(Lanes.larger(score.add(constant), broadcast(0f)), target + 4L * i);
    }
    rest.weights(x + 4L * bound, shift, constant, n - bound, target + 4L * bound);
  }

  @Override
  public void powers(long x, float shift, float constant, float power, int n, long target) {
    int bound = Lanes.FLOATS.loopBound(n);
    if (constant == 0) {
      powers(x, shift, power, bound, target);
    } else {
      powersOfSums(x, shift, constant, power, bound, target);
    }
    rest.powers(x + 4L * bound, shift, constant, power, n - bound, target + 4L * bound);
  }

  private static void powers(long x, float shift, float power, int bound, long target) {
    for (int i = 0; i < bound; i += COUNT) {
      FloatVector exponent = load(x + 4L * i).sub(shift);
      store(Lanes.expOfNegative(exponent.mul(power)), target + 4L * i);
    }
  }

  private static void powersOfSums(
      long x, float shift, float constant, float power, int bound, long target) {
    float logOfLargest = (float) Math.log1p(constant);
    for (int i = 0; i < bound; i += COUNT) {
      FloatVector weight = Lanes.expOfNegative(load(x + 4L * i).sub(shift)).add(constant);
      FloatVector exponent = Lanes.log(weight).sub(logOfLargest).mul(power);
      store(
          Lanes.exp(exponent).blend(0f, weight.compare(VectorOperators.LT, Float.MIN_NORMAL)),
          target + 4L * i);
    }
  }
}
