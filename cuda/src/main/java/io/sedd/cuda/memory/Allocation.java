package io.sedd.cuda.memory;

import io.sedd.diffusion.backend.SlabWorkspace;
import java.util.concurrent.atomic.AtomicBoolean;

/** A stretch of device memory, given back once. */
final class Allocation implements SlabWorkspace.Storage {

  private final CudaMemory memory;
  private final long address;
  private final long bytes;
  private final AtomicBoolean closed = new AtomicBoolean();

  Allocation(CudaMemory memory, long address, long bytes) {
    this.memory = memory;
    this.address = address;
    this.bytes = bytes;
  }

  long address() {
    return address;
  }

  /** In bytes. */
  @Override
  public long capacity() {
    return bytes;
  }

  boolean closed() {
    return closed.get();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      memory.free(address);
    }
  }
}
