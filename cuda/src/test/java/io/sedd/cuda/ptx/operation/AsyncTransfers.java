package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.GlobalMemory;
import io.sedd.cuda.ptx.machine.LaneFault;
import io.sedd.cuda.ptx.machine.WarpOperation;
import io.sedd.cuda.ptx.syntax.Operand;
import io.sedd.cuda.ptx.syntax.PtxType;

/** {@code cp.async}: copies from global to shared memory that go on beside the kernel. */
final class AsyncTransfers {

  private AsyncTransfers() {}

  static WarpOperation decode(Decoder d) {
    if (!d.take("async")) {
      throw d.error("the emulator knows cp.async only");
    }
    if (d.take("commit_group")) {
      return (warp, lanes) -> warp.copies.commit(lanes);
    }
    if (d.take("wait_all")) {
      return (warp, lanes) -> warp.copies.awaitAll(warp, lanes);
    }
    if (d.take("wait_group")) {
      int pending = number(d, 0);
      return (warp, lanes) -> warp.copies.await(warp, lanes, pending);
    }
    d.ignore(LoadsAndStores::hint);
    boolean spaces = d.take("shared") || d.take("shared::cta");
    if (!spaces || !d.take("global")) {
      throw d.error("the emulator knows cp.async from global to shared memory only");
    }
    Address target = d.address(0, Place.Space.SHARED);
    Address source = d.address(1, Place.Space.GLOBAL);
    int size = number(d, 2);
    Source from = d.count() > 3 ? d.source(3, PtxType.U32) : null;
    return (warp, lanes) -> {
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        long read = from == null ? size : from.get(warp, lane);
        if (read > size) {
          throw new LaneFault(lane, "copies %d bytes into %d".formatted(read, size));
        }
        long at = source.of(warp, lane);
        if (Access.spaceOf(at) != Place.Space.GLOBAL) {
          throw new LaneFault(lane, "0x%x is not of global memory".formatted(at));
        }
        warp.copies.add(
            warp, lane, target.of(warp, lane) % GlobalMemory.SHARED_WINDOW, at, size, (int) read);
      }
    };
  }

  private static int number(Decoder d, int operand) {
    if (d.operand(operand) instanceof Operand.Immediate immediate) {
      return (int) immediate.bits();
    }
    throw d.error("expected a number");
  }
}
