package io.sedd.cuda.ptx.operation;

import static io.sedd.cuda.ptx.operation.LaneFunction.bits;
import static io.sedd.cuda.ptx.operation.LaneFunction.float32;
import static io.sedd.cuda.ptx.operation.LaneFunction.float64;

import io.sedd.cuda.ptx.machine.WarpOperation;
import io.sedd.cuda.ptx.syntax.PtxType;

/** {@code cvt} between all widths of integers and floating point. */
final class Conversions {

  private static final double TWO_63 = 0x1p63;

  private Conversions() {}

  static WarpOperation decode(Decoder d) {
    boolean flush = d.take("ftz");
    boolean saturate = d.take("sat");
    boolean relu = d.take("relu");
    boolean awayFromZero = d.take("rna");
    String whole = d.takeOne("rni", "rzi", "rmi", "rpi");
    Rounding rounding = whole.isEmpty() ? Rounding.take(d) : rounding(whole);
    PtxType to = d.type();
    PtxType from = d.type();
    if (to == PtxType.BF16X2 || to == PtxType.F16X2) {
      return pair(d, to, rounding, relu);
    }
    LaneFunction function;
    if (to == PtxType.TF32 && from == PtxType.F32) {
      function = (a, b, c) -> awayFromZero ? a + 0x1000 & 0xffff_e000L : tensorFloat(a);
    } else if (floating(to)) {
      function = toFloating(d, to, from, rounding, !whole.isEmpty());
    } else if (floating(from)) {
      function = toInteger(d, to, from, rounding);
    } else {
      function = saturate ? clamp(to, from) : (a, b, c) -> a;
    }
    if (flush && from == PtxType.F32) {
      LaneFunction kept = function;
      function = (a, b, c) -> kept.of(Floats.flush(a), b, c);
    }
    if (flush && to == PtxType.F32) {
      LaneFunction kept = function;
      function = (a, b, c) -> Floats.flush(kept.of(a, b, c));
    }
    if (saturate && to == PtxType.F32) {
      LaneFunction kept = function;
      function = (a, b, c) -> bits(Floats.saturate(float32(kept.of(a, b, c))));
    }
    if (relu) {
      LaneFunction kept = function;
      long sign = 1L << (to.bits() - 1);
      function = (a, b, c) -> (kept.of(a, b, c) & sign) != 0 ? 0 : kept.of(a, b, c);
    }
    return extended(d, to, from, function);
  }

  /** The result fills a register that is wider than its type, with its sign or with zeros. */
  private static WarpOperation extended(
      Decoder d, PtxType to, PtxType from, LaneFunction function) {
    Target target = d.target(0, to);
    Source source = d.source(1, from);
    int shift = 64 - to.bits();
    boolean signed = to.signed();
    return (warp, lanes) -> {
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        long bits = function.of(source.get(warp, lane), 0, 0) << shift;
        target.set(warp, lane, signed ? bits >> shift : bits >>> shift);
      }
    };
  }

  private static Rounding rounding(String whole) {
    return switch (whole) {
      case "rzi" -> Rounding.ZERO;
      case "rmi" -> Rounding.DOWN;
      case "rpi" -> Rounding.UP;
      default -> Rounding.NEAREST;
    };
  }

  static boolean floating(PtxType type) {
    return type == PtxType.F64 || type == PtxType.F32 || Halves.has(type);
  }

  private static LaneFunction toFloating(
      Decoder d, PtxType to, PtxType from, Rounding rounding, boolean whole) {
    if (to == PtxType.F64 && from != PtxType.F64) {
      return (a, b, c) -> bits(value(a, from));
    }
    if (to == PtxType.F64) {
      return (a, b, c) -> bits(whole ? rounding.integer(float64(a)) : float64(a));
    }
    if (to == PtxType.F32) {
      if (from == PtxType.S64 || from == PtxType.U64) {
        nearest(d, rounding);
        return (a, b, c) -> bits(ofLong(a, from == PtxType.U64));
      }
      return (a, b, c) ->
          bits(
              whole ? (float) rounding.integer(value(a, from)) : rounding.round(value(a, from), 0));
    }
    boolean brain = to == PtxType.BF16;
    if (from == to) {
      return (a, b, c) ->
          Halves.narrow((float) rounding.integer(float32(Halves.widen(a, brain))), brain);
    }
    if (from == PtxType.F64 || from == PtxType.S64 || from == PtxType.U64) {
      throw d.error("the emulator narrows to halves from fp32 and short integers only");
    }
    if (rounding == Rounding.ZERO && brain) {
      return (a, b, c) -> bits((float) value(a, from)) >>> 16;
    }
    nearest(d, rounding);
    return (a, b, c) -> Halves.narrow((float) value(a, from), brain);
  }

  private static void nearest(Decoder d, Rounding rounding) {
    if (rounding != Rounding.NEAREST) {
      throw d.error("the emulator rounds this conversion to nearest only");
    }
  }

  /** The number as a double, exact for all but integers of 64 bits, which are rounded once. */
  private static double value(long bits, PtxType type) {
    return switch (type) {
      case F64 -> float64(bits);
      case F32 -> float32(bits);
      case F16 -> float32(Halves.widen(bits, false));
      case BF16 -> float32(Halves.widen(bits, true));
      case U64 -> bits >= 0 ? bits : 2.0 * (bits >>> 1 | (bits & 1));
      default -> bits;
    };
  }

  private static float ofLong(long value, boolean unsigned) {
    return unsigned && value < 0 ? 2f * (float) (value >>> 1 | (value & 1)) : (float) value;
  }

  private static LaneFunction toInteger(Decoder d, PtxType to, PtxType from, Rounding rounding) {
    if (to.signed()) {
      long least = -1L << (to.bits() - 1);
      return (a, b, c) -> Math.clamp((long) rounding.integer(value(a, from)), least, ~least);
    }
    if (to == PtxType.U64) {
      return (a, b, c) -> {
        double value = rounding.integer(value(a, from));
        return value >= 2 * TWO_63
            ? -1
            : value >= TWO_63
                ? (long) (value - TWO_63) ^ Long.MIN_VALUE
                : (long) Math.max(0, value);
      };
    }
    long most = (1L << to.bits()) - 1;
    return (a, b, c) -> Math.clamp((long) rounding.integer(value(a, from)), 0L, most);
  }

  private static LaneFunction clamp(PtxType to, PtxType from) {
    long least = to.signed() ? -1L << (to.bits() - 1) : 0;
    long most = to.signed() ? ~least : to == PtxType.U64 ? -1 : (1L << to.bits()) - 1;
    return (a, b, c) -> {
      if (from == PtxType.U64) {
        return Long.compareUnsigned(a, most) > 0 ? most : a;
      }
      return to == PtxType.U64 ? Math.max(a, 0) : Math.clamp(a, least, most);
    };
  }

  private static long tensorFloat(long bits) {
    return bits + 0xfff + (bits >>> 13 & 1) & 0xffff_e000L;
  }

  /** {@code cvt.rn.bf16x2.f32 d, a, b}: a becomes the high half. */
  private static WarpOperation pair(Decoder d, PtxType to, Rounding rounding, boolean relu) {
    if (d.count() != 3) {
      throw d.error("the emulator makes pairs of two fp32 only");
    }
    boolean brain = to == PtxType.BF16X2;
    if (rounding != Rounding.NEAREST && !(brain && rounding == Rounding.ZERO)) {
      throw d.error("the emulator rounds pairs to nearest, bf16 also to zero");
    }
    boolean cut = rounding == Rounding.ZERO;
    LaneFunction half =
        (a, b, c) -> {
          float value = float32(a);
          value = relu && value < 0 ? 0f : value;
          return cut ? bits(value) >>> 16 : Halves.narrow(value, brain);
        };
    return LaneFunction.two(
        d.target(0, to),
        d.source(1, PtxType.F32),
        d.source(2, PtxType.F32),
        (a, b, c) -> half.of(a, 0, 0) << 16 | half.of(b, 0, 0));
  }
}
