package io.sedd.cuda.driver;

/** An order of work on the device. */
public interface Stream extends AutoCloseable {

  /** What the libraries call it: a CUstream. */
  long handle();

  /** Gives it back; the work that is on it is still done. */
  @Override
  void close();
}
