package io.sedd.cuda.driver;

/** A compiled source on the device. */
public interface LoadedModule extends AutoCloseable {

  /**
   * A kernel of it.
   *
   * @throws CudaException if it has none of this name
   */
  KernelFunction function(String name);

  /** Unloads it, with its functions. */
  @Override
  void close();
}
