package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.WarpOperation;
import io.sedd.cuda.ptx.syntax.PtxType;

/** Logic, shifts and fields of bits, on numbers and on predicates. */
final class Bits {

  private Bits() {}

  static WarpOperation logic(Decoder d) {
    PtxType type = d.type();
    if (type == PtxType.PRED) {
      return predicates(d);
    }
    if (d.name().equals("not") || d.name().equals("cnot")) {
      boolean logical = d.name().equals("cnot");
      return LaneFunction.one(
          d.target(0, type), d.source(1, type), (a, b, c) -> logical ? (a == 0 ? 1 : 0) : ~a);
    }
    if (type.bytes() == 4) {
      return IntegerLoops.of32(d.name(), Integers.target(d, type), d.int32(1), d.int32(2), 0);
    }
    LaneFunction function =
        switch (d.name()) {
          case "and" -> (a, b, c) -> a & b;
          case "or" -> (a, b, c) -> a | b;
          default -> (a, b, c) -> a ^ b;
        };
    return LaneFunction.two(d.target(0, type), d.source(1, type), d.source(2, type), function);
  }

  private static WarpOperation predicates(Decoder d) {
    int target = d.targetPredicate(d.operand(0));
    Predicate a = d.predicate(1);
    Predicate b = d.name().equals("not") ? a : d.predicate(2);
    String name = d.name();
    return (warp, lanes) -> {
      int x = a.get(warp);
      int y = b.get(warp);
      int value =
          switch (name) {
            case "and" -> x & y;
            case "or" -> x | y;
            case "xor" -> x ^ y;
            default -> ~x;
          };
      warp.predicates[target] = (warp.predicates[target] & ~lanes) | (value & lanes);
    };
  }

  /** {@code shl} and {@code shr}: what is shifted further than the width is gone. */
  static WarpOperation shift(Decoder d) {
    PtxType type = d.type();
    boolean left = d.name().equals("shl");
    int bits = type.bits();
    Target target = d.target(0, type);
    Source a = d.source(1, type);
    Source b = d.source(2, PtxType.U32);
    if (bits == 32 && !target.wide() && !a.wide()) {
      return shift32(target.base(), a.base(), b.base(), left, type.signed());
    }
    return LaneFunction.two(
        target,
        a,
        b,
        left
            ? (x, n, c) -> n >= bits ? 0 : x << n
            : type.signed()
                ? (x, n, c) -> x >> Math.min(n, 63)
                : (x, n, c) -> n >= bits ? 0 : x >>> n);
  }

  private static WarpOperation shift32(int d, int a, int b, boolean left, boolean signed) {
    if (left) {
      return (warp, lanes) -> {
        int[] r = warp.ints;
        for (int m = lanes; m != 0; m &= m - 1) {
          int l = Integer.numberOfTrailingZeros(m);
          int n = r[b + l];
          r[d + l] = (n & ~31) != 0 ? 0 : r[a + l] << n;
        }
      };
    }
    if (signed) {
      return (warp, lanes) -> {
        int[] r = warp.ints;
        for (int m = lanes; m != 0; m &= m - 1) {
          int l = Integer.numberOfTrailingZeros(m);
          int n = r[b + l];
          r[d + l] = r[a + l] >> ((n & ~31) != 0 ? 31 : n);
        }
      };
    }
    return (warp, lanes) -> {
      int[] r = warp.ints;
      for (int m = lanes; m != 0; m &= m - 1) {
        int l = Integer.numberOfTrailingZeros(m);
        int n = r[b + l];
        r[d + l] = (n & ~31) != 0 ? 0 : r[a + l] >>> n;
      }
    };
  }

  /** {@code shf}: 32 bits out of two registers, {@code b} the high one. */
  static WarpOperation funnel(Decoder d) {
    boolean left = d.takeOne("l", "r").equals("l");
    boolean clamp = d.takeOne("clamp", "wrap").equals("clamp");
    d.type();
    LaneFunction function =
        (a, b, c) -> {
          int n = (int) (clamp ? Math.min(c, 32) : c & 31);
          long both = b << 32 | a;
          return left ? both << n >>> 32 : both >>> n;
        };
    return LaneFunction.three(
        d.target(0, PtxType.B32),
        d.source(1, PtxType.U32),
        d.source(2, PtxType.U32),
        d.source(3, PtxType.U32),
        function);
  }

  /** {@code bfe}: a field of {@code c} bits from bit {@code b}. */
  static WarpOperation extract(Decoder d) {
    PtxType type = d.type();
    int bits = type.bits();
    LaneFunction function =
        (a, b, c) -> {
          int from = (int) (b & 0xff);
          int length = (int) (c & 0xff);
          if (length == 0) {
            return 0;
          }
          if (type.signed()) {
            // a signed source is extended already: what lies above its width is its sign
            long field = a >> Math.min(from, 63);
            return length >= bits ? field : field << (64 - length) >> (64 - length);
          }
          long field = from >= bits ? 0 : a >>> from;
          return length >= 64 ? field : field & (1L << length) - 1;
        };
    return LaneFunction.three(
        d.target(0, type),
        d.source(1, type),
        d.source(2, PtxType.U32),
        d.source(3, PtxType.U32),
        function);
  }

  /** {@code bfi}: {@code a} put into {@code b}, {@code d} bits from bit {@code c}. */
  static WarpOperation insert(Decoder d) {
    PtxType type = d.type();
    Target target = d.target(0, type);
    Source a = d.source(1, type);
    Source b = d.source(2, type);
    Source from = d.source(3, PtxType.U32);
    Source length = d.source(4, PtxType.U32);
    int bits = type.bits();
    return (warp, lanes) -> {
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        int at = (int) from.get(warp, lane) & 0xff;
        int count = (int) length.get(warp, lane) & 0xff;
        long field = count >= 64 ? -1 : (1L << count) - 1;
        long mask = at >= bits ? 0 : field << at;
        long moved = at >= bits ? 0 : a.get(warp, lane) << at;
        target.set(warp, lane, (b.get(warp, lane) & ~mask) | (moved & mask));
      }
    };
  }

  /** Counts and places of bits. */
  static WarpOperation count(Decoder d) {
    boolean shiftAmount = d.take("shiftamt");
    PtxType type = d.type();
    int bits = type.bits();
    PtxType result = d.name().equals("brev") ? type : PtxType.U32;
    LaneFunction function =
        switch (d.name()) {
          case "popc" -> (a, b, c) -> Long.bitCount(a);
          case "clz" -> (a, b, c) -> Long.numberOfLeadingZeros(a) - (64 - bits);
          case "brev" -> (a, b, c) -> Long.reverse(a) >>> (64 - bits);
          default ->
              (a, b, c) -> {
                long x = type.signed() && a < 0 ? ~a : a;
                int highest = 63 - Long.numberOfLeadingZeros(x);
                return highest < 0 ? -1 : shiftAmount ? bits - 1 - highest : highest;
              };
        };
    return LaneFunction.one(d.target(0, result), d.source(1, type), function);
  }

  /** {@code lop3}: any function of three bits, by its table. */
  static WarpOperation table(Decoder d) {
    if (!(d.operand(4) instanceof io.sedd.cuda.ptx.syntax.Operand.Immediate immediate)) {
      throw d.error("lop3 needs its table as a number");
    }
    d.type();
    int table = (int) immediate.bits();
    LaneFunction function =
        (a, b, c) -> {
          long result = 0;
          for (int i = 0; i < 8; i++) {
            if ((table >> i & 1) != 0) {
              result |= ((i & 4) != 0 ? a : ~a) & ((i & 2) != 0 ? b : ~b) & ((i & 1) != 0 ? c : ~c);
            }
          }
          return result;
        };
    return LaneFunction.three(
        d.target(0, PtxType.B32),
        d.source(1, PtxType.U32),
        d.source(2, PtxType.U32),
        d.source(3, PtxType.U32),
        function);
  }

  /** {@code prmt}: four bytes out of eight. */
  static WarpOperation permute(Decoder d) {
    String mode = d.takeOne("f4e", "b4e", "rc8", "ecl", "ecr", "rc16");
    if (!mode.isEmpty()) {
      throw d.error("the emulator knows prmt without a mode only");
    }
    d.type();
    LaneFunction function =
        (a, b, c) -> {
          long both = b << 32 | a;
          long result = 0;
          for (int i = 0; i < 4; i++) {
            int selector = (int) (c >>> (4 * i)) & 15;
            long value = both >>> (8 * (selector & 7)) & 0xff;
            if ((selector & 8) != 0) {
              value = (value & 0x80) != 0 ? 0xff : 0;
            }
            result |= value << (8 * i);
          }
          return result;
        };
    return LaneFunction.three(
        d.target(0, PtxType.B32),
        d.source(1, PtxType.U32),
        d.source(2, PtxType.U32),
        d.source(3, PtxType.U32),
        function);
  }

  /** {@code dp4a}: four products of bytes, summed. */
  static WarpOperation dotProduct(Decoder d) {
    boolean aSigned = d.type().signed();
    boolean bSigned = d.type().signed();
    LaneFunction function =
        (a, b, c) -> {
          long sum = c;
          for (int i = 0; i < 4; i++) {
            byte x = (byte) (a >>> (8 * i));
            byte y = (byte) (b >>> (8 * i));
            sum += (aSigned ? x : x & 0xff) * (long) (bSigned ? y : y & 0xff);
          }
          return sum;
        };
    return LaneFunction.three(
        d.target(0, PtxType.B32),
        d.source(1, PtxType.U32),
        d.source(2, PtxType.U32),
        d.source(3, PtxType.U32),
        function);
  }
}
