package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.SlabWorkspace;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A stretch of fp32 numbers in one ND4J array, given back by {@link #close}. Where ND4J runs on a
 * card, its first window costs as much memory of the host: ND4J has no view without a host twin.
 */
final class Slab implements SlabWorkspace.Storage {

  private final INDArray array;
  private final long capacity;

  Slab(Device device, long capacity) {
    this.capacity = capacity;
    // ND4J has arrays without numbers, but no windows on them
    long[] shape = {Math.max(1, capacity)};
    this.array = device.allocate(() -> Nd4j.createUninitialized(DataType.FLOAT, shape, 'c'));
  }

  @Override
  public long capacity() {
    return capacity;
  }

  /** Sets everything to 0. */
  void clear() {
    Ops.fill(array, 0);
  }

  /**
   * A view.
   *
   * @param offset of its first number
   * @param order 'c' or 'f', as the strides are
   */
  INDArray window(long offset, long[] shape, long[] strides, char order) {
    return Nd4j.create(array.data(), shape, strides, offset, order, DataType.FLOAT);
  }

  @Override
  public void close() {
    array.close();
  }
}
