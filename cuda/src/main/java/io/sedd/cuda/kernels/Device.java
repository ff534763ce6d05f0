package io.sedd.cuda.kernels;

import io.sedd.cuda.driver.Driver;
import io.sedd.cuda.driver.Element;
import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.driver.Stream;
import io.sedd.cuda.memory.CudaMemory;
import io.sedd.cuda.memory.CudaTensor;
import io.sedd.cuda.memory.CudaWorkspace;
import java.lang.foreign.MemorySegment;

/**
 * What every kernel family needs: one stream, the functions, and memory for what a call alone uses.
 * That memory is used again by the next call without waiting, since the stream keeps the order.
 * Used by one thread at a time.
 */
final class Device implements AutoCloseable {

  private final Driver driver;
  private final Stream stream;
  private final KernelLibrary library;
  private final CudaWorkspace scratch;

  /** Owns its scratch memory alone. */
  Device(Driver driver, Stream stream, KernelLibrary library, CudaMemory memory) {
    this.driver = driver;
    this.stream = stream;
    this.library = library;
    this.scratch = memory.workspace(Element.F32);
  }

  Driver driver() {
    return driver;
  }

  Stream stream() {
    return stream;
  }

  /** A stretch of scratch memory that ends with the try block. */
  Scope scope() {
    long mark = scratch.mark();
    return () -> scratch.release(mark);
  }

  /** What is taken from {@link #take} goes back. */
  interface Scope extends AutoCloseable {
    @Override
    void close();
  }

  /** Scratch memory of undefined content. */
  CudaTensor take(Element element, int rows, int columns) {
    return scratch.take(element, rows, columns);
  }

  /** Scratch memory for so many bytes; its address is a multiple of 256. */
  long bytes(long count) {
    return scratch.take(1, Math.toIntExact((count + 3) / 4)).address();
  }

  /** The numbers in scratch memory. */
  long upload(int[] values) {
    return upload(MemorySegment.ofArray(values));
  }

  long upload(double[] values) {
    return upload(MemorySegment.ofArray(values));
  }

  long upload(MemorySegment values) {
    long address = bytes(values.byteSize());
    if (values.byteSize() > 0) {
      driver.toDevice(stream, values, address);
    }
    return address;
  }

  void download(long address, double[] target) {
    driver.toHost(stream, address, MemorySegment.ofArray(target));
  }

  void download(long address, int[] target) {
    driver.toHost(stream, address, MemorySegment.ofArray(target));
  }

  /** Puts a kernel of a source on the stream. */
  void launch(String source, String name, Grid grid, KernelArguments arguments) {
    launch(source, name, grid, 0, arguments);
  }

  void launch(String source, String name, Grid grid, int sharedBytes, KernelArguments arguments) {
    driver.launch(stream, library.function(source, name), grid, sharedBytes, arguments);
  }

  /**
   * @param head size of a head in packed rows
   */
  void launch(
      String source, int head, String name, Grid grid, int sharedBytes, KernelArguments arguments) {
    driver.launch(stream, library.function(source, head, name), grid, sharedBytes, arguments);
  }

  /**
   * Address of fp32 numbers; 0 where there is no tensor.
   *
   * @throws IllegalArgumentException if they are bf16: a frozen weight, or {@link
   *     io.sedd.diffusion.backend.Workspace#takeFactor}
   */
  static long fp32(CudaTensor tensor) {
    if (tensor == null) {
      return 0;
    }
    if (tensor.element() != Element.F32) {
      throw new IllegalArgumentException(
          "a factor of [%d, %d] can only be multiplied with: it is kept in bf16"
              .formatted(tensor.rows(), tensor.columns()));
    }
    return tensor.address();
  }

  /** Address of the numbers for a kernel that takes either kind: 0 if they are not of this one. */
  static long ifKept(Element element, CudaTensor tensor) {
    return tensor.element() == element ? tensor.address() : 0;
  }

  @Override
  public void close() {
    scratch.close();
  }
}
