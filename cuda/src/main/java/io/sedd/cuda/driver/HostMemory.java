package io.sedd.cuda.driver;

import java.lang.foreign.MemorySegment;

/** Page-locked memory of the host. */
public interface HostMemory extends AutoCloseable {

  /** Of any thread; dead after {@link #close}. */
  MemorySegment segment();

  @Override
  void close();
}
