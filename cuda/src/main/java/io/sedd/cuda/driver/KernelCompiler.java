package io.sedd.cuda.driver;

/** Makes PTX of CUDA C++. */
public interface KernelCompiler {

  /**
   * Compiles one source, which includes nothing.
   *
   * @param name of the source, for messages
   * @throws CudaException if it does not compile; the message has the compiler's log
   */
  String ptx(String name, String source, Architecture architecture);

  /** Compiles a source for the card of a driver and loads it there. */
  default LoadedModule load(Driver driver, String name, String source) {
    return driver.load(ptx(name, source, Architecture.of(driver.properties())));
  }
}
