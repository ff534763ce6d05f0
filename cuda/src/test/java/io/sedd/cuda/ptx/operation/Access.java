package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.Allocation;
import io.sedd.cuda.ptx.machine.Bytes;
import io.sedd.cuda.ptx.machine.GlobalMemory;
import io.sedd.cuda.ptx.machine.LaneFault;
import io.sedd.cuda.ptx.machine.Warp;

/**
 * How one instruction comes to memory: finds and checks the bytes of a lane. Remembers the last
 * allocation, since an instruction mostly stays in one.
 */
final class Access {

  private final Address address;
  private final int size;
  private Allocation last;

  /** The array that the last call found. */
  byte[] bytes;

  /**
   * @param size bytes of the whole access, a power of two up to 16
   */
  Access(Address address, int size) {
    this.address = address;
    this.size = size;
  }

  /** Position of the lane's bytes in {@link #bytes}. */
  int read(Warp warp, int lane) {
    return find(warp, lane, address.space(), address.of(warp, lane), false);
  }

  /** As {@link #read}, for bytes that will be changed; {@link #settle} must follow. */
  int write(Warp warp, int lane) {
    return find(warp, lane, address.space(), address.of(warp, lane), true);
  }

  void settle(Warp warp) {
    if (bytes == warp.block().shared().bytes()) {
      warp.block().shared().settle();
    }
  }

  /** For a change that no other thread comes between. */
  int atomic(Warp warp, int lane) {
    long at = address.of(warp, lane);
    Place.Space space = address.space();
    if (space == Place.Space.GENERIC) {
      space = spaceOf(at);
      at = space == Place.Space.SHARED ? at - GlobalMemory.SHARED_WINDOW : at;
    }
    if (space == Place.Space.SHARED) {
      bytes = warp.block().shared().bytes();
      return warp.block().shared().atomic(lane, at, size);
    }
    read(warp, lane);
    return write(warp, lane);
  }

  private int find(Warp warp, int lane, Place.Space space, long at, boolean write) {
    switch (space) {
      case GLOBAL -> {
        last = warp.block().global().access(last, lane, at, size, write);
        bytes = last.bytes();
        return last.offset(at);
      }
      case SHARED -> {
        bytes = warp.block().shared().bytes();
        return write
            ? warp.block().shared().write(warp, lane, at, size)
            : warp.block().shared().read(warp, lane, at, size);
      }
      case LOCAL -> {
        bytes = warp.local;
        return local(warp, lane, at);
      }
      case PARAMETER -> {
        bytes = warp.block().parameters();
        if (at < 0 || at + size > bytes.length || write) {
          throw new LaneFault(lane, "touches byte %d of the parameters".formatted(at));
        }
        return (int) at;
      }
      case GENERIC -> {
        return switch (spaceOf(at)) {
          case SHARED ->
              find(warp, lane, Place.Space.SHARED, at - GlobalMemory.SHARED_WINDOW, write);
          case LOCAL -> find(warp, lane, Place.Space.LOCAL, at - GlobalMemory.LOCAL_WINDOW, write);
          default -> find(warp, lane, Place.Space.GLOBAL, at, write);
        };
      }
    }
    throw new IllegalStateException(space.toString());
  }

  private int local(Warp warp, int lane, long at) {
    int each = warp.local.length / 32;
    if (at < 0 || at + size > each || (at & (size - 1)) != 0) {
      throw new LaneFault(
          lane, "touches %d bytes at byte %d of %d of local memory".formatted(size, at, each));
    }
    return lane * each + (int) at;
  }

  /** The space of a generic address. */
  static Place.Space spaceOf(long address) {
    if (address >= GlobalMemory.SHARED_WINDOW && address < GlobalMemory.LOCAL_WINDOW) {
      return Place.Space.SHARED;
    }
    if (address >= GlobalMemory.LOCAL_WINDOW && address < 2 * GlobalMemory.LOCAL_WINDOW) {
      return Place.Space.LOCAL;
    }
    return Place.Space.GLOBAL;
  }

  static long get(byte[] bytes, int at, int size, boolean signed) {
    return switch (size) {
      case 1 -> signed ? bytes[at] : bytes[at] & 0xff;
      case 2 -> signed ? (short) Bytes.int16(bytes, at) : Bytes.int16(bytes, at);
      case 4 -> signed ? Bytes.int32(bytes, at) : Bytes.int32(bytes, at) & 0xffff_ffffL;
      default -> Bytes.int64(bytes, at);
    };
  }

  static void put(byte[] bytes, int at, int size, long value) {
    switch (size) {
      case 1 -> bytes[at] = (byte) value;
      case 2 -> Bytes.int16(bytes, at, (int) value);
      case 4 -> Bytes.int32(bytes, at, (int) value);
      default -> Bytes.int64(bytes, at, value);
    }
  }
}
