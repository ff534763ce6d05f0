package io.sedd.cuda.libcuda;

import io.sedd.cuda.driver.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** Page-locked memory; an arena guards against use after its end. */
final class PinnedMemory implements HostMemory {

  private final Arena arena = Arena.ofShared();
  private final MemorySegment segment;

  /**
   * @param whole as the driver gave it
   * @param free gives it back
   */
  @SuppressWarnings("restricted")
  PinnedMemory(MemorySegment whole, Consumer<MemorySegment> free) {
    this.segment =
        MemorySegment.ofAddress(whole.address())
            .reinterpret(whole.byteSize(), arena, _ -> free.accept(whole));
  }

  @Override
  public MemorySegment segment() {
    return segment;
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
