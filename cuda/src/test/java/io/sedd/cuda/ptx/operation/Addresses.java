package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.GlobalMemory;
import io.sedd.cuda.ptx.machine.WarpOperation;
import io.sedd.cuda.ptx.syntax.PtxType;

/** {@code cvta}, {@code isspacep}: addresses of one space and generic ones. */
final class Addresses {

  private Addresses() {}

  static WarpOperation convert(Decoder d) {
    boolean to = d.take("to");
    Place.Space space = LoadsAndStores.space(d);
    PtxType type = d.type();
    Target target = d.target(0, type);
    Source source = d.source(1, type);
    long window = window(space);
    long distance = to ? -window : window;
    return (warp, lanes) -> {
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        target.set(warp, lane, source.get(warp, lane) + distance);
      }
    };
  }

  private static long window(Place.Space space) {
    return switch (space) {
      case SHARED -> GlobalMemory.SHARED_WINDOW;
      case LOCAL -> GlobalMemory.LOCAL_WINDOW;
      default -> 0;
    };
  }

  static WarpOperation isSpace(Decoder d) {
    Place.Space space = LoadsAndStores.space(d);
    int target = d.targetPredicate(d.operand(0));
    Source source = d.source(1, PtxType.B64);
    return (warp, lanes) -> {
      int set = 0;
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        if (Access.spaceOf(source.get(warp, lane)) == space) {
          set |= 1 << lane;
        }
      }
      warp.predicates[target] = (warp.predicates[target] & ~lanes) | set;
    };
  }
}
