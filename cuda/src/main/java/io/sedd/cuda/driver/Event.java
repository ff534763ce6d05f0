package io.sedd.cuda.driver;

/** A point in a stream, see {@link Driver#record}. */
public interface Event extends AutoCloseable {

  /** What the libraries call it: a CUevent. */
  long handle();

  @Override
  void close();
}
