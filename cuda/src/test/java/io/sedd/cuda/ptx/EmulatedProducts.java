package io.sedd.cuda.ptx;

import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.driver.Element;
import io.sedd.cuda.driver.Product;
import io.sedd.cuda.driver.Products;
import io.sedd.cuda.driver.Stream;
import io.sedd.cuda.ptx.machine.Bytes;

/**
 * Matrix products of an {@link EmulatedDriver} in plain loops, sums in fp32 from the first term on.
 */
public final class EmulatedProducts implements Products {

  private final EmulatedDriver driver;

  public EmulatedProducts(EmulatedDriver driver) {
    this.driver = driver;
  }

  @Override
  public void multiply(
      Stream stream, Product product, long a, long b, long bias, long preActivation, long c) {
    if ((a | b | c | preActivation) % 16 != 0) {
      throw new CudaException("a matrix that begins at no multiple of 16: " + product);
    }
    if (product.epilogue().bias() != (bias != 0)
        || product.preActivation() != (preActivation != 0)) {
      throw new CudaException("an address too much or too few for " + product);
    }
    driver.put(stream, () -> compute(product, a, b, bias, preActivation, c));
  }

  @Override
  public void close() {}

  private void compute(Product p, long a, long b, long bias, long preActivation, long c) {
    float[] left = load(a, p.rows(), p.inner(), p.input(), p.transposeA());
    float[] right = load(b, p.inner(), p.columns(), p.input(), p.transposeB());
    float[] sums =
        p.accumulate()
            ? load(c, p.rows(), p.columns(), p.output(), false)
            : new float[Math.multiplyExact(p.rows(), p.columns())];
    for (int row = 0; row < p.rows(); row++) {
      for (int k = 0; k < p.inner(); k++) {
        float x = left[row * p.inner() + k];
        for (int column = 0; column < p.columns(); column++) {
          sums[row * p.columns() + column] += x * right[k * p.columns() + column];
        }
      }
    }
    if (bias != 0) {
      float[] each = load(bias, 1, p.columns(), p.output(), false);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += each[i % p.columns()];
      }
    }
    if (preActivation != 0) {
      store(preActivation, sums, p.output());
    }
    if (p.epilogue().gelu()) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] = gelu(sums[i]);
      }
    }
    store(c, sums, p.output());
  }

  /** GELU by tanh. */
  private static float gelu(float x) {
    double inner = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    return (float) (0.5 * x * (1 + Math.tanh(inner)));
  }

  /** A matrix of this shape, which may lie transposed. */
  private float[] load(long address, int rows, int columns, Element element, boolean transposed) {
    int count = Math.multiplyExact(rows, columns);
    byte[] bytes = driver.memory().load(address, Math.multiplyExact(count, element.bytes()));
    float[] values = new float[count];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int at = transposed ? column * rows + row : row * columns + column;
        values[row * columns + column] =
            Float.intBitsToFloat(
                element == Element.F32
                    ? Bytes.int32(bytes, 4 * at)
                    : Bytes.int16(bytes, 2 * at) << 16);
      }
    }
    return values;
  }

  private void store(long address, float[] values, Element element) {
    byte[] bytes = new byte[values.length * element.bytes()];
    for (int i = 0; i < values.length; i++) {
      int bits = Float.floatToRawIntBits(values[i]);
      if (element == Element.F32) {
        Bytes.int32(bytes, 4 * i, bits);
      } else if (Float.isNaN(values[i])) {
        Bytes.int16(bytes, 2 * i, 0x7fff);
      } else {
        Bytes.int16(bytes, 2 * i, (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
      }
    }
    driver.memory().store(address, bytes);
  }
}
