package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.WarpOperation;
import io.sedd.cuda.ptx.syntax.Operand;
import io.sedd.cuda.ptx.syntax.PtxType;
import java.util.List;

/** {@code mov}: between registers, and between a register and the parts of it. */
final class Moves {

  private Moves() {}

  static WarpOperation decode(Decoder d) {
    PtxType type = d.type();
    if (type == PtxType.PRED) {
      int target = d.targetPredicate(d.operand(0));
      Predicate source = d.predicate(1);
      return (warp, lanes) ->
          warp.predicates[target] = (warp.predicates[target] & ~lanes) | (source.get(warp) & lanes);
    }
    if (d.operand(0) instanceof Operand.Vector parts) {
      return unpack(d, type, parts.elements());
    }
    if (d.operand(1) instanceof Operand.Vector parts) {
      return pack(d, type, parts.elements());
    }
    Target target = d.target(0, type);
    Source source = d.source(1, type);
    if (type.bytes() == 4 && !target.wide() && !source.wide()) {
      int to = target.base();
      int from = source.base();
      return (warp, lanes) -> {
        int[] r = warp.ints;
        if (lanes == -1) {
          System.arraycopy(r, from, r, to, 32);
          return;
        }
        for (int m = lanes; m != 0; m &= m - 1) {
          int l = Integer.numberOfTrailingZeros(m);
          r[to + l] = r[from + l];
        }
      };
    }
    return LaneFunction.one(target, source, (a, b, c) -> a);
  }

  private static PtxType part(PtxType type, int count) {
    return switch (type.bytes() / count) {
      case 4 -> PtxType.B32;
      case 2 -> PtxType.B16;
      default -> PtxType.B8;
    };
  }

  private static WarpOperation unpack(Decoder d, PtxType type, List<Operand> parts) {
    PtxType each = part(type, parts.size());
    Target[] targets = parts.stream().map(part -> d.target(part, each)).toArray(Target[]::new);
    Source source = d.source(1, type);
    int bits = each.bits();
    return (warp, lanes) -> {
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        long value = source.get(warp, lane);
        for (int i = 0; i < targets.length; i++) {
          targets[i].set(warp, lane, value >>> (bits * i) & (1L << bits) - 1);
        }
      }
    };
  }

  private static WarpOperation pack(Decoder d, PtxType type, List<Operand> parts) {
    PtxType each = part(type, parts.size());
    Source[] sources = parts.stream().map(part -> d.source(part, each)).toArray(Source[]::new);
    Target target = d.target(0, type);
    int bits = each.bits();
    return (warp, lanes) -> {
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        long value = 0;
        for (int i = 0; i < sources.length; i++) {
          value |= sources[i].get(warp, lane) << (bits * i);
        }
        target.set(warp, lane, value);
      }
    };
  }
}
