package io.sedd.diffusion.backend.nd4j;

import java.lang.foreign.Arena;

/** A {@link Stretch} that knows no ND4J: for the host's own work where ND4J runs on a card. */
final class HostMemory implements Stretch {

  private final Arena arena = Arena.ofShared();
  private final long capacity;
  private final long address;

  HostMemory(long capacity) {
    this.capacity = capacity;
    this.address = arena.allocate(capacity * Float.BYTES, Nd4jMemory.LINE * Float.BYTES).address();
  }

  @Override
  public long capacity() {
    return capacity;
  }

  @Override
  public long address() {
    return address;
  }

  @Override
  public void close() {
    arena.close();
  }
}
