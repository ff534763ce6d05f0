package io.sedd.cuda.driver;

/** Work that is launched as one, see {@link Driver#capture}. */
public interface CapturedGraph extends AutoCloseable {

  @Override
  void close();
}
