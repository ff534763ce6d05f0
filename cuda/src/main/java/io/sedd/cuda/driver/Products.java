package io.sedd.cuda.driver;

/** Matrix products on the device. */
public interface Products extends AutoCloseable {

  /**
   * Puts a product on the stream.
   *
   * @param a device address, a multiple of 16
   * @param b device address, a multiple of 16
   * @param bias device address of {@code columns} numbers, 0 where the epilogue has none
   * @param preActivation device address, 0 where the product writes none
   * @param c device address, a multiple of 16; overlaps nothing else
   */
  void multiply(
      Stream stream, Product product, long a, long b, long bias, long preActivation, long c);

  @Override
  void close();
}
