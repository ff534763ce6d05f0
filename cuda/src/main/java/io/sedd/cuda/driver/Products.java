package io.sedd.cuda.driver;

/** Matrix products on the device. */
public interface Products extends AutoCloseable {

  /**
   * Puts a product on the stream. Addresses that are multiples of 16, and sides that are multiples
   * of 8, are what the tensor cores want; any others are computed more slowly. A stream's first
   * product may allocate and so must not be made under {@link Driver#capture}.
   *
   * @param a device address
   * @param b device address
   * @param bias device address of {@code columns} numbers, 0 where the epilogue has none
   * @param preActivation device address, a multiple of 16; 0 where the product writes none
   * @param c device address; overlaps nothing else
   * @throws CudaException if the library cannot compute this product
   */
  void multiply(
      Stream stream, Product product, long a, long b, long bias, long preActivation, long c);

  @Override
  void close();
}
