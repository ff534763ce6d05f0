package io.sedd.diffusion.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;

/**
 * Gradients of a random projection of a kernel's outputs, by central differences of fourth order.
 * Inputs are multiples of 2^-10 and the step is 2^-5, so that a shifted input is exact in fp32.
 * What is left is the rounding of outputs to fp32, some 6e-8 · 2^5, and the fifth derivative times
 * 2^-20.
 */
public final class FiniteDifferences implements AutoCloseable {

  /** Of the largest gradient of a tensor; a wrong term is off by far more. */
  static final double TOLERANCE = 2e-4;

  private static final float STEP = 0x1p-5f;
  private static final float GRID = 0x1p10f;

  private final Backend backend;
  private final Random random;
  private final List<Tensor> owned = new ArrayList<>();

  public FiniteDifferences(Backend backend, long seed) {
    this.backend = backend;
    this.random = new Random(seed);
  }

  /** Normal numbers on the grid. */
  public Tensor random(int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.round(random.nextGaussian() * GRID) / GRID;
    }
    return of(rows, columns, values);
  }

  public Tensor zeros(int rows, int columns) {
    return of(rows, columns, new float[rows * columns]);
  }

  public Tensor copyOf(Tensor tensor) {
    return of(tensor.rows(), tensor.columns(), backend.read(tensor));
  }

  private Tensor of(int rows, int columns, float[] values) {
    Tensor tensor = backend.allocate(rows, columns);
    owned.add(tensor);
    backend.write(MemorySegment.ofArray(values), tensor);
    return tensor;
  }

  /** sum of output · projection, in double. */
  public double projected(Tensor output, Tensor projection) {
    float[] a = backend.read(output);
    float[] b = backend.read(projection);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** Checks that {@code gradient} is d function / d input. */
  public void check(String name, Tensor input, DoubleSupplier function, Tensor gradient) {
    float[] actual = backend.read(gradient);
    float[] expected = gradientOf(input, function);
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], TOLERANCE * largest, name + " at " + i);
    }
  }

  private float[] gradientOf(Tensor input, DoubleSupplier function) {
    float[] point = backend.read(input);
    float[] gradient = new float[point.length];
    for (int i = 0; i < point.length; i++) {
      double near = at(input, point, i, STEP, function) - at(input, point, i, -STEP, function);
      double far =
          at(input, point, i, 2 * STEP, function) - at(input, point, i, -2 * STEP, function);
      gradient[i] = (float) ((8 * near - far) / (12 * STEP));
    }
    backend.write(MemorySegment.ofArray(point), input);
    return gradient;
  }

  private double at(Tensor input, float[] point, int i, float shift, DoubleSupplier function) {
    float[] shifted = point.clone();
    shifted[i] += shift;
    backend.write(MemorySegment.ofArray(shifted), input);
    return function.getAsDouble();
  }

  @Override
  public void close() {
    owned.forEach(Tensor::close);
  }
}
