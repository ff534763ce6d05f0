package io.sedd.cuda.ptx.machine;

import java.util.Map;
import java.util.TreeMap;

/**
 * The memory of the device. Addresses are never given twice and never touch, so that a stray access
 * hits nothing. Guarded by whoever owns it.
 */
public final class GlobalMemory {

  /** Addresses of shared and of local memory lie in windows below all global ones. */
  public static final long SHARED_WINDOW = 0x1_0000_0000L;

  public static final long LOCAL_WINDOW = 0x2_0000_0000L;
  private static final long FIRST = 0x7f00_0000_0000L;
  private static final int GAP = 256;

  private final TreeMap<Long, Allocation> allocations = new TreeMap<>();
  private final TreeMap<Long, String> freed = new TreeMap<>();
  private final boolean initialisedOnly;
  private long next = FIRST;
  private long used;

  /**
   * @param initialisedOnly whether it is a fault to read what was never written
   */
  public GlobalMemory(boolean initialisedOnly) {
    this.initialisedOnly = initialisedOnly;
  }

  public long used() {
    return used;
  }

  public long allocate(int bytes, String name) {
    long address = next;
    next += (bytes + GAP + 255L) / 256 * 256;
    allocations.put(address, new Allocation(address, bytes, name));
    used += bytes;
    return address;
  }

  public void free(long address) {
    Allocation gone = allocations.remove(address);
    if (gone == null) {
      throw new KernelFault("0x%x was not allocated, or is free already".formatted(address));
    }
    used -= gone.bytes.length;
    freed.put(address, gone.toString());
  }

  /** The allocation that a stretch of the host's copies lies in. */
  public Allocation containing(long address, long bytes) {
    Map.Entry<Long, Allocation> entry = allocations.floorEntry(address);
    if (entry == null || address + bytes > entry.getKey() + entry.getValue().bytes.length) {
      throw new KernelFault("%,d bytes %s".formatted(bytes, describe(address)));
    }
    return entry.getValue();
  }

  /** Content from the host. */
  public void store(long address, byte[] content) {
    Allocation allocation = containing(address, content.length);
    int at = (int) (address - allocation.address);
    System.arraycopy(content, 0, allocation.bytes, at, content.length);
    allocation.written.markRange(at, at + content.length);
  }

  /** Content for the host, as far as it has been written. */
  public byte[] load(long address, int bytes) {
    Allocation allocation = containing(address, bytes);
    int at = (int) (address - allocation.address);
    int missing = initialisedOnly ? allocation.written.firstUnwritten(at, at + bytes) : -1;
    if (missing >= 0) {
      throw new KernelFault(
          "the host reads byte %,d of the %s, which was never written"
              .formatted(missing, allocation));
    }
    byte[] content = new byte[bytes];
    System.arraycopy(allocation.bytes, at, content, 0, bytes);
    return content;
  }

  /** From device to device, with what is known of each byte. */
  public void copy(long source, long target, int bytes) {
    Allocation from = containing(source, bytes);
    Allocation to = containing(target, bytes);
    int f = (int) (source - from.address);
    int t = (int) (target - to.address);
    System.arraycopy(from.bytes, f, to.bytes, t, bytes);
    if (from.written.firstUnwritten(f, f + bytes) < 0) {
      to.written.markRange(t, t + bytes);
      return;
    }
    for (int i = 0; i < bytes; i++) {
      if (from.written.all(f + i, 1)) {
        to.written.mark(t + i, 1);
      }
    }
  }

  /** Forgets that a stretch was written: what a kernel then reads of it is a fault. */
  public void poison(long address, int bytes) {
    Allocation allocation = containing(address, bytes);
    int at = (int) (address - allocation.address);
    allocation.written.clearRange(at, at + bytes);
  }

  /**
   * Checks an access of a lane and tells the allocation.
   *
   * @param last where the same instruction was before, or null; a guess that saves the search
   * @param size a power of two up to 16
   */
  public Allocation access(Allocation last, int lane, long address, int size, boolean write) {
    Allocation allocation = last;
    if (allocation == null
        || address < allocation.address
        || address + size > allocation.address + allocation.bytes.length) {
      allocation = find(lane, address, size, write);
    }
    if ((address & (size - 1)) != 0) {
      throw new LaneFault(
          lane,
          "%s %d bytes at 0x%x, which is no multiple of %d"
              .formatted(write ? "writes" : "reads", size, address, size));
    }
    int at = (int) (address - allocation.address);
    if (write) {
      allocation.written.mark(at, size);
    } else if (initialisedOnly && !allocation.written.all(at, size)) {
      throw new LaneFault(
          lane,
          "reads %d bytes at byte %,d of the %s, which were never written"
              .formatted(size, at, allocation));
    }
    return allocation;
  }

  private Allocation find(int lane, long address, int size, boolean write) {
    Map.Entry<Long, Allocation> entry = allocations.floorEntry(address);
    if (entry == null || address + size > entry.getKey() + entry.getValue().bytes.length) {
      throw new LaneFault(
          lane, "%s %d bytes %s".formatted(write ? "writes" : "reads", size, describe(address)));
    }
    return entry.getValue();
  }

  private String describe(long address) {
    StringBuilder text = new StringBuilder("at 0x%x, outside every allocation".formatted(address));
    Map.Entry<Long, String> gone = freed.floorEntry(address);
    Map.Entry<Long, Allocation> before = allocations.floorEntry(address);
    Map.Entry<Long, Allocation> after = allocations.higherEntry(address);
    if (gone != null && (before == null || gone.getKey() > before.getKey())) {
      text.append(
          "; %,d bytes into the freed %s".formatted(address - gone.getKey(), gone.getValue()));
    } else if (before != null) {
      text.append(
          "; %,d bytes into the %s".formatted(address - before.getKey(), before.getValue()));
    }
    if (after != null) {
      text.append(
          "; %,d bytes before the %s".formatted(after.getKey() - address, after.getValue()));
    }
    return text.toString();
  }
}
