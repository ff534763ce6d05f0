package io.sedd.cuda.ptx.operation;

import static io.sedd.cuda.ptx.operation.LaneFunction.bits;
import static io.sedd.cuda.ptx.operation.LaneFunction.float64;

import io.sedd.cuda.ptx.machine.WarpOperation;
import io.sedd.cuda.ptx.syntax.PtxType;

/** Arithmetic in fp64, rounded to nearest. */
final class Doubles {

  private Doubles() {}

  static WarpOperation decode(Decoder d) {
    return switch (d.name()) {
      case "add" -> two(d, (a, b, c) -> bits(float64(a) + float64(b)));
      case "sub" -> two(d, (a, b, c) -> bits(float64(a) - float64(b)));
      case "mul" -> two(d, (a, b, c) -> bits(float64(a) * float64(b)));
      case "div" -> two(d, (a, b, c) -> bits(float64(a) / float64(b)));
      case "fma", "mad" -> {
        nearest(d);
        PtxType type = PtxType.F64;
        yield LaneFunction.three(
            d.target(0, type),
            d.source(1, type),
            d.source(2, type),
            d.source(3, type),
            (a, b, c) -> bits(Math.fma(float64(a), float64(b), float64(c))));
      }
      case "min" -> two(d, (a, b, c) -> bits(extreme(true, float64(a), float64(b))));
      case "max" -> two(d, (a, b, c) -> bits(extreme(false, float64(a), float64(b))));
      case "copysign" -> two(d, (a, b, c) -> (b & Long.MAX_VALUE) | (a & Long.MIN_VALUE));
      case "abs" -> one(d, (a, b, c) -> a & Long.MAX_VALUE);
      case "neg" -> one(d, (a, b, c) -> a ^ Long.MIN_VALUE);
      default -> one(d, Approximations.of64(d));
    };
  }

  private static double extreme(boolean least, double x, double y) {
    if (Double.isNaN(x) || Double.isNaN(y)) {
      return Double.isNaN(x) ? y : x;
    }
    return least ? Math.min(x, y) : Math.max(x, y);
  }

  private static void nearest(Decoder d) {
    if (Rounding.take(d) != Rounding.NEAREST) {
      throw d.error("the emulator rounds fp64 to nearest only");
    }
  }

  private static WarpOperation one(Decoder d, LaneFunction function) {
    return LaneFunction.one(d.target(0, PtxType.F64), d.source(1, PtxType.F64), function);
  }

  private static WarpOperation two(Decoder d, LaneFunction function) {
    nearest(d);
    return LaneFunction.two(
        d.target(0, PtxType.F64), d.source(1, PtxType.F64), d.source(2, PtxType.F64), function);
  }
}
