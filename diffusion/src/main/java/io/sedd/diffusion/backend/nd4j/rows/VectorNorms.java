package io.sedd.diffusion.backend.nd4j.rows;

import static io.sedd.diffusion.backend.nd4j.rows.Lanes.COUNT;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.FLOATS;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.ORDER;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.broadcast;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.load;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.store;
import static io.sedd.diffusion.backend.nd4j.rows.Memory.get;
import static io.sedd.diffusion.backend.nd4j.rows.Memory.set;

import jdk.incubator.vector.FloatVector;

/** {@link NormRows} with the Vector API; what no vector holds is done one by one. */
final class VectorNorms implements NormRows {

  private final ScalarNorms rest = new ScalarNorms();

  @Override
  public void moments(long x, int n, long statistics) {
    int bound = Lanes.FLOATS.loopBound(n);
    FloatVector sums = broadcast(0f);
    for (int i = 0; i < bound; i += COUNT) {
      sums = sums.add(load(x + 4L * i));
    }
    float sum = Lanes.sum(sums);
    for (int i = bound; i < n; i++) {
      sum += get(x + 4L * i);
    }
    float mean = sum / n;
    FloatVector squares = broadcast(0f);
    for (int i = 0; i < bound; i += COUNT) {
      FloatVector distance = load(x + 4L * i).sub(mean);
      squares = distance.fma(distance, squares);
    }
    float variance = Lanes.sum(squares);
    for (int i = bound; i < n; i++) {
      float distance = get(x + 4L * i) - mean;
      variance += distance * distance;
    }
    set(statistics, mean);
    set(statistics + 4, (float) (1 / Math.sqrt(variance / n + EPSILON)));
  }

  @Override
  public void modulate(
      long x, float mean, float inverse, long weight, long shift, long scale, long z, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += COUNT) {
      long at = 4L * i;
      FloatVector normed = load(x + at).sub(mean).mul(inverse);
      FloatVector gain = load(weight + at).mul(load(scale + at).add(1f));
      store(normed.fma(gain, load(shift + at)), z + at);
    }
    long done = 4L * bound;
    rest.modulate(
        x + done, mean, inverse, weight + done, shift + done, scale + done, z + done, n - bound);
  }

  @Override
  public void modulateBackward(
      long dz,
      long x,
      float mean,
      float inverse,
      long weight,
      long scale,
      long dx,
      long sumDz,
      long sumDzNorm,
      int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    FloatVector sums = broadcast(0f);
    FloatVector normSums = broadcast(0f);
    for (int i = 0; i < bound; i += COUNT) {
      long at = 4L * i;
      FloatVector d = load(dz + at);
      FloatVector normed = load(x + at).sub(mean).mul(inverse);
      FloatVector g = d.mul(load(weight + at)).mul(load(scale + at).add(1f));
      sums = sums.add(g);
      normSums = g.fma(normed, normSums);
      store(load(sumDz + at).add(d), sumDz + at);
      store(d.fma(normed, load(sumDzNorm + at)), sumDzNorm + at);
    }
    float sum = Lanes.sum(sums);
    float normSum = Lanes.sum(normSums);
    for (int i = bound; i < n; i++) {
      long at = 4L * i;
      float d = get(dz + at);
      float normed = (get(x + at) - mean) * inverse;
      float g = d * get(weight + at) * (1 + get(scale + at));
      sum += g;
      normSum += g * normed;
      set(sumDz + at, get(sumDz + at) + d);
      set(sumDzNorm + at, get(sumDzNorm + at) + d * normed);
    }
    sum /= n;
    normSum /= n;
    spread(dz, x, mean, inverse, weight, scale, dx, sum, normSum, bound);
    for (int i = bound; i < n; i++) {
      long at = 4L * i;
      float normed = (get(x + at) - mean) * inverse;
      float g = get(dz + at) * get(weight + at) * (1 + get(scale + at));
      set(dx + at, get(dx + at) + inverse * (g - sum - normed * normSum));
    }
  }

  /** dx of modulateBackward. */
  private static void spread(
      long dz,
      long x,
      float mean,
      float inverse,
      long weight,
      long scale,
      long dx,
      float sum,
      float normSum,
      int bound) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    FloatVector centre = FloatVector.broadcast(FLOATS, mean);
    FloatVector factor = FloatVector.broadcast(FLOATS, inverse);
    FloatVector mean1 = FloatVector.broadcast(FLOATS, sum);
    FloatVector mean2 = FloatVector.broadcast(FLOATS, -normSum);
    for (int i = 0; i < bound; i += COUNT) {
      long at = 4L * i;
      FloatVector gain =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, scale + at, ORDER)
              .add(one)
              .mul(FloatVector.fromMemorySegment(FLOATS, Memory.ALL, weight + at, ORDER));
      FloatVector g =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, dz + at, ORDER).mul(gain).sub(mean1);
      FloatVector normed =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, x + at, ORDER).sub(centre).mul(factor);
      normed
          .fma(mean2, g)
          .fma(factor, FloatVector.fromMemorySegment(FLOATS, Memory.ALL, dx + at, ORDER))
          .intoMemorySegment(Memory.ALL, dx + at, ORDER);
    }
  }
}
