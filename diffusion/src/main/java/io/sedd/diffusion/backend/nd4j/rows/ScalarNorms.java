package io.sedd.diffusion.backend.nd4j.rows;

import static io.sedd.diffusion.backend.nd4j.rows.Memory.get;
import static io.sedd.diffusion.backend.nd4j.rows.Memory.set;

/** {@link NormRows} in plain Java. */
final class ScalarNorms implements NormRows {

  @Override
  public void moments(long x, int n, long statistics) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += get(x + 4L * i);
    }
    double mean = sum / n;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double distance = get(x + 4L * i) - mean;
      squares += distance * distance;
    }
    set(statistics, (float) mean);
    set(statistics + 4, (float) (1 / Math.sqrt(squares / n + EPSILON)));
  }

  @Override
  public void modulate(
      long x, float mean, float inverse, long weight, long shift, long scale, long z, int n) {
    for (int i = 0; i < n; i++) {
      long at = 4L * i;
      float normed = (get(x + at) - mean) * inverse;
      set(z + at, normed * get(weight + at) * (1 + get(scale + at)) + get(shift + at));
    }
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
    float sum = 0;
    float sumNorm = 0;
    for (int i = 0; i < n; i++) {
      long at = 4L * i;
      float d = get(dz + at);
      float normed = (get(x + at) - mean) * inverse;
      float g = d * get(weight + at) * (1 + get(scale + at));
      sum += g;
      sumNorm += g * normed;
      set(sumDz + at, get(sumDz + at) + d);
      set(sumDzNorm + at, get(sumDzNorm + at) + d * normed);
    }
    for (int i = 0; i < n; i++) {
      long at = 4L * i;
      float normed = (get(x + at) - mean) * inverse;
      float g = get(dz + at) * get(weight + at) * (1 + get(scale + at));
      set(dx + at, get(dx + at) + inverse * (g - sum / n - normed * (sumNorm / n)));
    }
  }
}
