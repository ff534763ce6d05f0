package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.nd4j.rows.Memory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A stretch of fp32 numbers in one ND4J array, off the Java heap, given back by {@link #close}. */
final class Nd4jMemory implements Stretch {

  /** Numbers in a cache line; stretches and what is cut from them begin on one. */
  static final int LINE = 16;

  private final INDArray array;
  private final long capacity;
  private final long skipped;
  private final long address;

  /** Of undefined content. */
  Nd4jMemory(long capacity) {
    this.capacity = capacity;
    this.array = Nd4j.createUninitialized(DataType.FLOAT, new long[] {capacity + LINE}, 'c');
    long raw = array.data().pointer().address();
    this.skipped = (-raw & (4L * LINE - 1)) / 4;
    this.address = raw + 4 * skipped;
  }

  /** Of zeros. */
  static Nd4jMemory zeros(long capacity) {
    Nd4jMemory memory = new Nd4jMemory(capacity);
    Memory.clear(memory.address, capacity);
    return memory;
  }

  /** Numbers up to the next line. */
  static long padded(long numbers) {
    return (numbers + LINE - 1) / LINE * LINE;
  }

  @Override
  public long capacity() {
    return capacity;
  }

  @Override
  public long address() {
    return address;
  }

  /** An ND4J view in 'f' order, [inner, outer], of {@code outer} runs of {@code inner} numbers. */
  INDArray columnMajor(long offset, long inner, long outer) {
    return Nd4j.create(
        array.data(),
        new long[] {inner, outer},
        new long[] {1, inner},
        skipped + offset,
        'f',
        DataType.FLOAT);
  }

  @Override
  public void close() {
    array.close();
  }
}
