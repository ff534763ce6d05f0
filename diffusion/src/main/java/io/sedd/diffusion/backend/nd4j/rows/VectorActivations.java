package io.sedd.diffusion.backend.nd4j.rows;

import static io.sedd.diffusion.backend.nd4j.rows.Lanes.COUNT;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.broadcast;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.load;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.store;

import jdk.incubator.vector.FloatVector;

/** {@link ActivationRows} with the Vector API; what no vector holds is done one by one. */
final class VectorActivations implements ActivationRows {

  private final ScalarActivations rest = new ScalarActivations();

  @Override
  public void gelu(long u, long y, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += COUNT) {
      FloatVector v = load(u + 4L * i);
      store(v.div(geluExponential(v).add(1f)), y + 4L * i);
    }
    rest.gelu(u + 4L * bound, y + 4L * bound, n - bound);
  }

  @Override
  public void geluBackward(long u, long dy, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += COUNT) {
      FloatVector v = load(u + 4L * i);
      FloatVector e = geluExponential(v);
      FloatVector inner = v.mul(v).mul(3 * CUBIC * TWICE_ROOT).add(TWICE_ROOT);
      multiplyBySlope(v, e, inner, dy + 4L * i);
    }
    rest.geluBackward(u + 4L * bound, dy + 4L * bound, n - bound);
  }

  @Override
  public void silu(long u, long y, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += COUNT) {
      FloatVector v = load(u + 4L * i);
      store(v.div(exponential(v.neg()).add(1f)), y + 4L * i);
    }
    rest.silu(u + 4L * bound, y + 4L * bound, n - bound);
  }

  @Override
  public void siluBackward(long u, long dy, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += COUNT) {
      FloatVector v = load(u + 4L * i);
      multiplyBySlope(v, exponential(v.neg()), broadcast(1f), dy + 4L * i);
    }
    rest.siluBackward(u + 4L * bound, dy + 4L * bound, n - bound);
  }

  @Override
  public void rotate(long x, int heads, int half, long cos, long sin, float direction) {
    if (half % COUNT != 0) {
      rest.rotate(x, heads, half, cos, sin, direction);
      return;
    }
    for (int j = 0; j < half; j += COUNT) {
      FloatVector c = load(cos + 4L * j);
      FloatVector s = load(sin + 4L * j).mul(direction);
      for (int head = 0; head < heads; head++) {
        long a = x + 8L * half * head + 4L * j;
        long b = a + 4L * half;
        FloatVector first = load(a);
        FloatVector second = load(b);
        store(first.mul(c).sub(second.mul(s)), a);
        store(second.mul(c).add(first.mul(s)), b);
      }
    }
  }

  /** e^-2z of {@link ActivationRows}. */
  private static FloatVector geluExponential(FloatVector u) {
    FloatVector poly = u.mul(u).mul(CUBIC * TWICE_ROOT).add(TWICE_ROOT);
    return exponential(u.mul(poly).neg());
  }

  private static FloatVector exponential(FloatVector x) {
    return Lanes.exp(x.min(LARGEST));
  }

  /** With gate = 1/(1 + e): dy gate (1 + u (1 - gate) inner), 1 - gate as e gate. */
  private static void multiplyBySlope(FloatVector u, FloatVector e, FloatVector inner, long dy) {
    FloatVector one = FloatVector.broadcast(Lanes.FLOATS, 1f);
    FloatVector gate = one.div(e.add(one));
    FloatVector slope = gate.mul(u.mul(e.mul(gate)).fma(inner, one));
    FloatVector.fromMemorySegment(Lanes.FLOATS, Memory.ALL, dy, Lanes.ORDER)
        .mul(slope)
        .intoMemorySegment(Memory.ALL, dy, Lanes.ORDER);
  }
}
