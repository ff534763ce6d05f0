package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.WarpOperation;
import io.sedd.cuda.ptx.syntax.PtxType;

/** Arithmetic on integers, without carry. */
final class Integers {

  private Integers() {}

  static WarpOperation decode(Decoder d, PtxType type) {
    return switch (d.name()) {
      case "mul", "mad" -> product(d, type);
      case "abs", "neg" -> one(d, type);
      case "add", "sub", "div", "rem", "min", "max" -> two(d, type);
      default -> throw d.error("the emulator does not know this instruction on integers");
    };
  }

  private static WarpOperation one(Decoder d, PtxType type) {
    boolean negate = d.name().equals("neg");
    return LaneFunction.one(
        d.target(0, type), d.source(1, type), (a, b, c) -> negate ? -a : Math.abs(a));
  }

  private static WarpOperation two(Decoder d, PtxType type) {
    boolean saturate = d.take("sat");
    WarpOperation fast =
        saturate
            ? null
            : switch (type.bytes()) {
              case 4 -> IntegerLoops.of32(d.name(), target(d, type), d.int32(1), d.int32(2), 0);
              case 8 -> IntegerLoops.of64(d.name(), target(d, type), d.int64(1), d.int64(2), 0);
              default -> null;
            };
    return fast != null
        ? fast
        : LaneFunction.two(
            d.target(0, type), d.source(1, type), d.source(2, type), function(d, type, saturate));
  }

  private static LaneFunction function(Decoder d, PtxType type, boolean saturate) {
    if (saturate && type != PtxType.S32) {
      throw d.error(".sat is for s32 alone");
    }
    boolean unsigned64 = type == PtxType.U64;
    return switch (d.name()) {
      case "add" -> saturate ? (a, b, c) -> clamp(a + b) : (a, b, c) -> a + b;
      case "sub" -> saturate ? (a, b, c) -> clamp(a - b) : (a, b, c) -> a - b;
      // PTX leaves it open what a division by zero gives; cards give all ones
      case "div" ->
          type.signed()
              ? (a, b, c) -> b == 0 ? -1 : a / b
              : (a, b, c) -> b == 0 ? -1 : Long.divideUnsigned(a, b);
      case "rem" ->
          type.signed()
              ? (a, b, c) -> b == 0 ? -1 : a % b
              : (a, b, c) -> b == 0 ? -1 : Long.remainderUnsigned(a, b);
      case "min" ->
          unsigned64
              ? (a, b, c) -> Long.compareUnsigned(a, b) < 0 ? a : b
              : (a, b, c) -> Math.min(a, b);
      case "max" ->
          unsigned64
              ? (a, b, c) -> Long.compareUnsigned(a, b) > 0 ? a : b
              : (a, b, c) -> Math.max(a, b);
      default -> throw d.error("the emulator does not know this instruction");
    };
  }

  private static long clamp(long value) {
    return Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private static WarpOperation product(Decoder d, PtxType type) {
    boolean add = d.name().equals("mad");
    return switch (d.takeOne("wide", "lo", "hi")) {
      case "wide" -> wide(d, type, add);
      case "hi" -> {
        LaneFunction high = high(type);
        yield LaneFunction.three(
            d.target(0, type),
            d.source(1, type),
            d.source(2, type),
            add ? d.source(3, type) : d.source(2, type),
            add ? (a, b, c) -> high.of(a, b, 0) + c : high);
      }
      default ->
          switch (type.bytes()) {
            case 4 ->
                IntegerLoops.of32(
                    d.name(), target(d, type), d.int32(1), d.int32(2), add ? d.int32(3) : 0);
            case 8 ->
                IntegerLoops.of64(
                    d.name(), target(d, type), d.int64(1), d.int64(2), add ? d.int64(3) : 0);
            default ->
                LaneFunction.three(
                    d.target(0, type),
                    d.source(1, type),
                    d.source(2, type),
                    add ? d.source(3, type) : d.source(2, type),
                    add ? (a, b, c) -> a * b + c : (a, b, c) -> a * b);
          };
    };
  }

  /** The high half of a product. */
  static LaneFunction high(PtxType type) {
    return switch (type) {
      case S64 -> (a, b, c) -> Math.multiplyHigh(a, b);
      case U64 -> (a, b, c) -> Math.unsignedMultiplyHigh(a, b);
      default -> (a, b, c) -> (a * b) >> type.bits();
    };
  }

  private static WarpOperation wide(Decoder d, PtxType type, boolean add) {
    if (type.bytes() == 4) {
      return IntegerLoops.wide(
          type.signed(), target(d, PtxType.B64), d.int32(1), d.int32(2), add ? d.int64(3) : -1);
    }
    PtxType twice = type.signed() ? PtxType.S32 : PtxType.U32;
    return LaneFunction.three(
        d.target(0, twice),
        d.source(1, type),
        d.source(2, type),
        add ? d.source(3, twice) : d.source(2, type),
        add ? (a, b, c) -> a * b + c : (a, b, c) -> a * b);
  }

  /** Lane 0 of the target, whose register is as wide as the type. */
  static int target(Decoder d, PtxType type) {
    Target target = d.target(0, type);
    if (target.wide() != (type.bytes() == 8)) {
      throw d.error("the target's register is not as wide as the type");
    }
    return target.base();
  }
}
