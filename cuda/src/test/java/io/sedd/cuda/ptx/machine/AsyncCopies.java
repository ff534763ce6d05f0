package io.sedd.cuda.ptx.machine;

import java.util.ArrayList;
import java.util.List;

/**
 * Copies of {@code cp.async} that a warp has under way. They happen when the warp waits for them,
 * so that a kernel that reads too early finds what was there before.
 */
public final class AsyncCopies {

  private record Copy(int lane, int group, int target, long source, int size, int from) {}

  private final List<Copy> copies = new ArrayList<>();
  private final int[] groups = new int[32];

  void clear() {
    copies.clear();
    java.util.Arrays.fill(groups, 0);
  }

  /**
   * @param target byte of shared memory
   * @param source address of global memory
   * @param size bytes that are written
   * @param from bytes that are read; the rest becomes zeros
   */
  public void add(Warp warp, int lane, long target, long source, int size, int from) {
    int at = warp.block().shared().write(warp, lane, target, size);
    if (from > 0) {
      warp.block().global().access(null, lane, source, Integer.highestOneBit(from), false);
    }
    copies.add(new Copy(lane, groups[lane], at, source, size, from));
  }

  public void commit(int lanes) {
    for (int m = lanes; m != 0; m &= m - 1) {
      groups[Integer.numberOfTrailingZeros(m)]++;
    }
  }

  /** Finishes all but the last {@code pending} groups of these lanes. */
  public void await(Warp warp, int lanes, int pending) {
    copies.removeIf(
        copy -> {
          boolean due = (lanes & 1 << copy.lane) != 0 && copy.group < groups[copy.lane] - pending;
          if (due) {
            finish(warp, copy);
          }
          return due;
        });
  }

  public void awaitAll(Warp warp, int lanes) {
    commit(lanes);
    await(warp, lanes, 0);
  }

  private static void finish(Warp warp, Copy copy) {
    byte[] shared = warp.block().shared().bytes();
    GlobalMemory global = warp.block().global();
    warp.block().shared().write(warp, copy.lane, copy.target, copy.size);
    for (int i = 0; i < copy.size; i++) {
      shared[copy.target + i] = 0;
    }
    if (copy.from > 0) {
      Allocation allocation = global.containing(copy.source, copy.from);
      int at = (int) (copy.source - allocation.address);
      System.arraycopy(allocation.bytes, at, shared, copy.target, copy.from);
    }
    warp.block().shared().settle();
  }
}
