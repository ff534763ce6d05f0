package io.sedd.diffusion.backend.nd4j.rows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * This process's memory as one segment that begins at address 0. Its bounds are constants, so that
 * their check costs a compare and no load; the shapes are checked once a kernel instead.
 */
public final class Memory {

  /** From address 0 on. */
  @SuppressWarnings("restricted")
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private Memory() {}

  /** The fp32 number at an address. */
  public static float get(long address) {
    return ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
  }

  /** Sets the fp32 number at an address. */
  public static void set(long address, float value) {
    ALL.set(ValueLayout.JAVA_FLOAT_UNALIGNED, address, value);
  }

  /** Copies {@code n} numbers. */
  public static void copy(long source, long target, long n) {
    MemorySegment.copy(ALL, source, ALL, target, 4 * n);
  }

  /** Sets {@code n} numbers to 0. */
  public static void clear(long target, long n) {
    ALL.asSlice(target, 4 * n).fill((byte) 0);
  }
}
