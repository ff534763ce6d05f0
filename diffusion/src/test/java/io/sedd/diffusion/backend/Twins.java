package io.sedd.diffusion.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.reference.ReferenceBackend;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Matrices of equal content in the reference and in a backend under test, to run a kernel on both
 * and compare. Each is a view at an odd offset of a larger tensor, and what lies around it must
 * stay untouched.
 */
final class Twins implements AutoCloseable {

  /** A matrix in both memories. */
  record Twin(Tensor expectedWhole, Tensor expected, Tensor actualWhole, Tensor actual) {}

  /** Gives the half of a twin that belongs to the backend in use; null stays null. */
  interface Side {
    Tensor of(Twin twin);
  }

  /** A call of a kernel, made once on each backend. */
  interface Kernel {
    void on(Backend backend, Side side);
  }

  private static final int BEFORE = 3;
  private static final int AFTER = 2;
  private static final float MARGIN = -7.25f;

  private final Backend reference;
  private final Backend tested;
  private final Random random;
  private final List<Twin> all = new ArrayList<>();

  Twins(Backend tested, long seed) {
    this.tested = tested;
    this.reference = new ReferenceBackend(tested.precision());
    this.random = new Random(seed);
  }

  /** Normal numbers of deviation 1. */
  Twin random(int rows, int columns) {
    return random(rows, columns, 1);
  }

  /** Normal numbers. */
  Twin random(int rows, int columns, double deviation) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return of(rows, columns, values);
  }

  /** Numbers that no kernel may read; the place of an output that is overwritten. */
  Twin unset(int rows, int columns) {
    float[] values = new float[rows * columns];
    java.util.Arrays.fill(values, Float.NaN);
    return of(rows, columns, values);
  }

  Twin of(int rows, int columns, float[] values) {
    float[] whole = new float[BEFORE + values.length + AFTER];
    java.util.Arrays.fill(whole, MARGIN);
    System.arraycopy(values, 0, whole, BEFORE, values.length);
    Tensor expected = reference.allocate(1, whole.length);
    Tensor actual = tested.allocate(1, whole.length);
    reference.write(MemorySegment.ofArray(whole), expected);
    tested.write(MemorySegment.ofArray(whole), actual);
    Twin twin =
        new Twin(
            expected,
            expected.view(BEFORE, rows, columns),
            actual,
            actual.view(BEFORE, rows, columns));
    all.add(twin);
    return twin;
  }

  /** Random states in [0, bound). */
  int[] indices(int count, int bound) {
    return random.ints(count, 0, bound).toArray();
  }

  /** Runs a kernel on both sides. */
  void run(Kernel kernel) {
    kernel.on(reference, twin -> twin == null ? null : twin.expected());
    kernel.on(tested, twin -> twin == null ? null : twin.actual());
  }

  /**
   * The largest difference, over the largest expected number but at least 1e-3, is at most the
   * tolerance; what lies around the matrix is as it was.
   */
  void assertClose(String name, Twin twin, double tolerance) {
    float[] expected = reference.read(twin.expected());
    float[] actual = tested.read(twin.actual());
    double scale = 1e-3;
    for (float value : expected) {
      assertTrue(Float.isFinite(value), name + ": the reference itself gives " + value);
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      String where = name + " at " + i + " of " + expected.length + ", scale " + scale;
      assertEquals(expected[i], actual[i], tolerance * scale, where);
    }
    assertMargins(name, tested.read(twin.actualWhole()), expected.length);
    assertMargins(name, reference.read(twin.expectedWhole()), expected.length);
  }

  private static void assertMargins(String name, float[] whole, int size) {
    for (int i = 0; i < whole.length; i++) {
      if (i < BEFORE || i >= BEFORE + size) {
        assertEquals(MARGIN, whole[i], name + " was written outside, at " + (i - BEFORE));
      }
    }
  }

  @Override
  public void close() {
    for (Twin twin : all.reversed()) {
      twin.actualWhole().close();
      twin.expectedWhole().close();
    }
    reference.close();
  }
}
