package io.sedd.cuda.memory;

import io.sedd.cuda.driver.Driver;
import java.util.concurrent.atomic.AtomicBoolean;

/** A stretch of device memory, given back once. */
final class Allocation implements AutoCloseable {

  private final Driver driver;
  private final long address;
  private final long bytes;
  private final AtomicBoolean closed = new AtomicBoolean();

  Allocation(Driver driver, long address, long bytes) {
    this.driver = driver;
    this.address = address;
    this.bytes = bytes;
  }

  long address() {
    return address;
  }

  long bytes() {
    return bytes;
  }

  boolean closed() {
    return closed.get();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      driver.free(address);
    }
  }
}
