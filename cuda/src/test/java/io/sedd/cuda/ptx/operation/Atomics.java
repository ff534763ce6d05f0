package io.sedd.cuda.ptx.operation;

import static io.sedd.cuda.ptx.operation.LaneFunction.bits;
import static io.sedd.cuda.ptx.operation.LaneFunction.float32;
import static io.sedd.cuda.ptx.operation.LaneFunction.float64;

import io.sedd.cuda.ptx.machine.WarpOperation;
import io.sedd.cuda.ptx.syntax.PtxType;

/** {@code atom} and {@code red}; lanes take their turns from the lowest. */
final class Atomics {

  private Atomics() {}

  static WarpOperation decode(Decoder d) {
    d.ignore(
        m -> LoadsAndStores.hint(m) || m.equals("acq_rel") || m.equals("noftz") || m.equals("ftz"));
    boolean returns = d.name().equals("atom");
    Place.Space space = LoadsAndStores.space(d);
    String operation =
        d.takeOne("add", "min", "max", "and", "or", "xor", "exch", "cas", "inc", "dec");
    PtxType type = d.type();
    int first = returns ? 1 : 0;
    Access access = new Access(d.address(first, space), type.bytes());
    Target target = returns ? d.target(0, type) : null;
    Source b = d.source(first + 1, type);
    Source c = operation.equals("cas") ? d.source(first + 2, type) : b;
    LaneFunction change = change(d, operation, type);
    int size = type.bytes();
    return (warp, lanes) -> {
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        int at = access.atomic(warp, lane);
        long old = Access.get(access.bytes, at, size, type.signed());
        long next = change.of(old, b.get(warp, lane), c.get(warp, lane));
        Access.put(access.bytes, at, size, next);
        if (target != null) {
          target.set(warp, lane, old);
        }
      }
    };
  }

  private static LaneFunction change(Decoder d, String operation, PtxType type) {
    boolean unsigned64 = type == PtxType.U64;
    return switch (operation) {
      case "add" -> sum(type);
      case "min" ->
          unsigned64
              ? (a, b, c) -> Long.compareUnsigned(a, b) < 0 ? a : b
              : (a, b, c) -> Math.min(a, b);
      case "max" ->
          unsigned64
              ? (a, b, c) -> Long.compareUnsigned(a, b) > 0 ? a : b
              : (a, b, c) -> Math.max(a, b);
      case "and" -> (a, b, c) -> a & b;
      case "or" -> (a, b, c) -> a | b;
      case "xor" -> (a, b, c) -> a ^ b;
      case "exch" -> (a, b, c) -> b;
      case "cas" -> (a, b, c) -> a == b ? c : a;
      case "inc" -> (a, b, c) -> a >= b ? 0 : a + 1;
      case "dec" -> (a, b, c) -> a == 0 || a > b ? b : a - 1;
      default -> throw d.error("the emulator does not know this atomic operation");
    };
  }

  private static LaneFunction sum(PtxType type) {
    return switch (type) {
      case F32 -> (a, b, c) -> bits(float32(a) + float32(b));
      case F64 -> (a, b, c) -> bits(float64(a) + float64(b));
      case BF16, F16 -> (a, b, c) -> halves(a, b, type == PtxType.BF16);
      case BF16X2, F16X2 ->
          (a, b, c) ->
              halves(a & 0xffff, b & 0xffff, type == PtxType.BF16X2)
                  | halves(a >>> 16, b >>> 16, type == PtxType.BF16X2) << 16;
      default -> (a, b, c) -> a + b;
    };
  }

  private static long halves(long a, long b, boolean brain) {
    return Halves.narrow(float32(Halves.widen(a, brain)) + float32(Halves.widen(b, brain)), brain);
  }
}
