package io.sedd.diffusion.backend.nd4j.rows;

import static io.sedd.diffusion.backend.nd4j.rows.Memory.get;
import static io.sedd.diffusion.backend.nd4j.rows.Memory.set;

/** {@link SpanRows} in plain Java. */
final class ScalarSpans implements SpanRows {

  @Override
  public void fill(long target, float value, int n) {
    for (int i = 0; i < n; i++) {
      set(target + 4L * i, value);
    }
  }

  @Override
  public void copy(long source, long target, int n) {
    for (int i = 0; i < n; i++) {
      set(target + 4L * i, get(source + 4L * i));
    }
  }

  @Override
  public void add(long source, long target, int n) {
    for (int i = 0; i < n; i++) {
      long at = 4L * i;
      set(target + at, get(target + at) + get(source + at));
    }
  }

  @Override
  public void multiply(long a, long b, long target, int n) {
    for (int i = 0; i < n; i++) {
      long at = 4L * i;
      set(target + at, get(a + at) * get(b + at));
    }
  }

  @Override
  public void addProduct(long a, long b, long target, int n) {
    for (int i = 0; i < n; i++) {
      long at = 4L * i;
      set(target + at, get(target + at) + get(a + at) * get(b + at));
    }
  }

  @Override
  public void addScaled(long scale, long a, long target, int n) {
    for (int i = 0; i < n; i++) {
      long at = 4L * i;
      set(target + at, get(target + at) + (1 + get(scale + at)) * get(a + at));
    }
  }

  @Override
  public void scale(long source, float factor, long target, int n) {
    for (int i = 0; i < n; i++) {
      set(target + 4L * i, factor * get(source + 4L * i));
    }
  }

  @Override
  public float dot(long a, long b, int n) {
    float sum = 0;
    for (int i = 0; i < n; i++) {
      sum += get(a + 4L * i) * get(b + 4L * i);
    }
    return sum;
  }
}
