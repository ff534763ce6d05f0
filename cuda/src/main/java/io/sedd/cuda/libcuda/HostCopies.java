package io.sedd.cuda.libcuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Copies from and to memory of the host. The driver reads memory that is not page-locked before it
 * returns, and fills it before it returns; memory on the Java heap, which has no address, goes
 * through a buffer.
 */
final class HostCopies {

  /** Bytes of the buffer. */
  private static final long PIECE = 4 << 20;

  private final MemoryApi memory;
  private final StreamApi streams;

  HostCopies(MemoryApi memory, StreamApi streams) {
    this.memory = memory;
    this.streams = streams;
  }

  void toDevice(long stream, MemorySegment source, long target) {
    if (source.byteSize() == 0) {
      return;
    }
    if (source.isNative()) {
      memory.toDevice(stream, source, target);
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Math.min(PIECE, source.byteSize()));
      for (long at = 0; at < source.byteSize(); at += PIECE) {
        long bytes = Math.min(PIECE, source.byteSize() - at);
        MemorySegment piece = buffer.asSlice(0, bytes);
        piece.copyFrom(source.asSlice(at, bytes));
        memory.toDevice(stream, piece, target + at);
      }
    }
  }

  void toHost(long stream, long source, MemorySegment target) {
    if (target.byteSize() == 0) {
      return;
    }
    if (target.isNative()) {
      memory.toHost(stream, source, target);
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Math.min(PIECE, target.byteSize()));
      for (long at = 0; at < target.byteSize(); at += PIECE) {
        long bytes = Math.min(PIECE, target.byteSize() - at);
        MemorySegment piece = buffer.asSlice(0, bytes);
        memory.toHost(stream, source + at, piece);
        streams.synchronize(stream);
        target.asSlice(at, bytes).copyFrom(piece);
      }
    }
  }
}
