package io.sedd.cuda.ptx.operation;

import static io.sedd.cuda.ptx.operation.LaneFunction.bits;
import static io.sedd.cuda.ptx.operation.LaneFunction.float32;

import io.sedd.cuda.ptx.machine.WarpOperation;
import io.sedd.cuda.ptx.syntax.PtxType;

/** Arithmetic in fp32, with its rounding modes, {@code .ftz} and {@code .sat}. */
final class Floats {

  private Floats() {}

  static WarpOperation decode(Decoder d) {
    PtxType type = PtxType.F32;
    boolean flush = d.take("ftz");
    boolean saturate = d.take("sat");
    return switch (d.name()) {
      case "add", "sub", "mul", "fma", "mad" -> sum(d, flush, saturate);
      case "min", "max" -> {
        LaneFunction function = extreme(d.name(), d.take("NaN"), d.take("xorsign"));
        d.take("abs");
        yield finish(d, 2, flush, saturate, function);
      }
      case "abs" -> finish(d, 1, flush, saturate, (a, b, c) -> a & 0x7fff_ffffL);
      case "neg" -> finish(d, 1, flush, saturate, (a, b, c) -> a ^ 0x8000_0000L);
      case "copysign" ->
          LaneFunction.two(
              d.target(0, type),
              d.source(1, type),
              d.source(2, type),
              (a, b, c) -> (b & 0x7fff_ffffL) | (a & 0x8000_0000L));
      case "div" -> {
        d.takeOne("approx", "full");
        Rounding rounding = Rounding.take(d);
        yield finish(d, 2, flush, saturate, (a, b, c) -> divide(rounding, float32(a), float32(b)));
      }
      default -> finish(d, 1, flush, saturate, Approximations.of32(d));
    };
  }

  private static WarpOperation sum(Decoder d, boolean flush, boolean saturate) {
    Rounding rounding = Rounding.take(d);
    boolean three = d.name().equals("fma") || d.name().equals("mad");
    if (rounding == Rounding.NEAREST && !flush && !saturate) {
      return FloatLoops.of32(
          d.name(),
          Integers.target(d, PtxType.F32),
          d.int32(1),
          d.int32(2),
          three ? d.int32(3) : 0);
    }
    LaneFunction function =
        switch (d.name()) {
          case "add" -> (a, b, c) -> bits(rounding.fma(float32(a), 1f, float32(b)));
          case "sub" -> (a, b, c) -> bits(rounding.fma(float32(a), 1f, -float32(b)));
          case "mul" -> (a, b, c) -> bits(multiply(rounding, float32(a), float32(b)));
          default -> (a, b, c) -> bits(rounding.fma(float32(a), float32(b), float32(c)));
        };
    return finish(d, three ? 3 : 2, flush, saturate, function);
  }

  private static float multiply(Rounding rounding, float a, float b) {
    return rounding == Rounding.NEAREST ? a * b : rounding.round((double) a * b, 0);
  }

  private static long divide(Rounding rounding, float a, float b) {
    if (rounding == Rounding.NEAREST || b == 0 || Float.isInfinite(b) || Float.isInfinite(a)) {
      return bits(a / b);
    }
    double quotient = (double) a / b;
    double rest = Math.fma(-quotient, b, (double) a);
    return bits(rounding.round(quotient, rest / b));
  }

  /** Of two numbers, one of which may be NaN: the other, unless {@code nan} asks for NaN. */
  static LaneFunction extreme(String name, boolean nan, boolean crossSigns) {
    boolean least = name.equals("min");
    return (a, b, c) -> {
      float x = float32(a);
      float y = float32(b);
      if (crossSigns) {
        float z = extreme(least, Math.abs(x), Math.abs(y), nan);
        return bits(Math.abs(z)) | ((a ^ b) & 0x8000_0000L);
      }
      return bits(extreme(least, x, y, nan));
    };
  }

  static float extreme(boolean least, float x, float y, boolean nan) {
    if (Float.isNaN(x) || Float.isNaN(y)) {
      return nan ? Float.NaN : Float.isNaN(x) ? y : x;
    }
    return least ? Math.min(x, y) : Math.max(x, y);
  }

  private static WarpOperation finish(
      Decoder d, int sources, boolean flush, boolean saturate, LaneFunction function) {
    LaneFunction whole = function;
    if (flush) {
      LaneFunction kept = whole;
      whole = (a, b, c) -> flush(kept.of(flush(a), flush(b), flush(c)));
    }
    if (saturate) {
      LaneFunction kept = whole;
      whole = (a, b, c) -> bits(saturate(float32(kept.of(a, b, c))));
    }
    PtxType type = PtxType.F32;
    Target target = d.target(0, type);
    return switch (sources) {
      case 1 -> LaneFunction.one(target, d.source(1, type), whole);
      case 2 -> LaneFunction.two(target, d.source(1, type), d.source(2, type), whole);
      default ->
          LaneFunction.three(
              target, d.source(1, type), d.source(2, type), d.source(3, type), whole);
    };
  }

  /** Subnormal numbers become zeros of their sign. */
  static long flush(long bits) {
    return (bits & 0x7f80_0000L) == 0 ? bits & 0x8000_0000L : bits;
  }

  static float saturate(float value) {
    return Float.isNaN(value) ? 0 : Math.clamp(value, 0f, 1f) + 0f;
  }
}
