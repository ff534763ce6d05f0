package io.sedd.diffusion.backend.nd4j.rows;

import static io.sedd.diffusion.backend.nd4j.rows.Lanes.COUNT;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.broadcast;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.load;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.store;

import jdk.incubator.vector.FloatVector;

/** {@link SpanRows} with the Vector API. */
final class VectorSpans implements SpanRows {

  private final ScalarSpans rest = new ScalarSpans();

  @Override
  public void fill(long target, float value, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += COUNT) {
      store(broadcast(value), target + 4L * i);
    }
    rest.fill(target + 4L * bound, value, n - bound);
  }

  @Override
  public void copy(long source, long target, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += COUNT) {
      store(load(source + 4L * i), target + 4L * i);
    }
    rest.copy(source + 4L * bound, target + 4L * bound, n - bound);
  }

  @Override
  public void add(long source, long target, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += COUNT) {
      long at = 4L * i;
      store(load(target + at).add(load(source + at)), target + at);
    }
    rest.add(source + 4L * bound, target + 4L * bound, n - bound);
  }

  @Override
  public void multiply(long a, long b, long target, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += COUNT) {
      long at = 4L * i;
      store(load(a + at).mul(load(b + at)), target + at);
    }
    long done = 4L * bound;
    rest.multiply(a + done, b + done, target + done, n - bound);
  }

  @Override
  public void addProduct(long a, long b, long target, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += COUNT) {
      long at = 4L * i;
      store(load(a + at).fma(load(b + at), load(target + at)), target + at);
    }
    long done = 4L * bound;
    rest.addProduct(a + done, b + done, target + done, n - bound);
  }

  @Override
  public void addScaled(long scale, long a, long target, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += COUNT) {
      long at = 4L * i;
      store(load(scale + at).add(1f).fma(load(a + at), load(target + at)), target + at);
    }
    long done = 4L * bound;
    rest.addScaled(scale + done, a + done, target + done, n - bound);
  }

  @Override
  public void scale(long source, float factor, long target, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += COUNT) {
      long at = 4L * i;
      store(load(source + at).mul(factor), target + at);
    }
    rest.scale(source + 4L * bound, factor, target + 4L * bound, n - bound);
  }

  @Override
  public float dot(long a, long b, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    FloatVector sum = broadcast(0f);
    for (int i = 0; i < bound; i += COUNT) {
      long at = 4L * i;
      sum = load(a + at).fma(load(b + at), sum);
    }
    return Lanes.sum(sum) + rest.dot(a + 4L * bound, b + 4L * bound, n - bound);
  }
}
