package io.sedd.cuda.ptx.operation;

import static io.sedd.cuda.ptx.operation.LaneFunction.float32;
import static io.sedd.cuda.ptx.operation.LaneFunction.float64;

import io.sedd.cuda.ptx.machine.Warp;
import io.sedd.cuda.ptx.machine.WarpOperation;
import io.sedd.cuda.ptx.syntax.Operand;
import io.sedd.cuda.ptx.syntax.PtxType;

/** {@code setp}, {@code set}, {@code selp} and {@code slct}. */
final class Comparisons {

  private static final String[] RELATIONS = {
    "eq", "ne", "lt", "le", "gt", "ge", "lo", "ls", "hi", "hs", "equ", "neu", "ltu", "leu", "gtu",
    "geu", "num", "nan"
  };

  /** Compares in some lanes. */
  @FunctionalInterface
  private interface Test {
    int of(Warp warp, int lanes);
  }

  @FunctionalInterface
  private interface Relation {
    boolean holds(long a, long b);
  }

  private Comparisons() {}

  static WarpOperation setPredicate(Decoder d) {
    String relation = d.takeOne(RELATIONS);
    String combine = d.takeOne("and", "or", "xor");
    boolean flush = d.take("ftz");
    PtxType type = d.type();
    Operand result = d.operand(0);
    int first = d.targetPredicate(result instanceof Operand.Pair pair ? pair.first() : result);
    int second = result instanceof Operand.Pair pair ? d.targetPredicate(pair.second()) : -1;
    Test test = test(d, relation, type, flush);
    Predicate third = combine.isEmpty() ? null : d.predicate(3);
    return (warp, lanes) -> {
      int[] p = warp.predicates;
      int holds = test.of(warp, lanes);
      int other = third == null ? 0 : third.get(warp);
      int one = combine(combine, holds, other);
      int two = combine(combine, ~holds, other);
      p[first] = (p[first] & ~lanes) | (one & lanes);
      if (second >= 0) {
        p[second] = (p[second] & ~lanes) | (two & lanes);
      }
    };
  }

  private static int combine(String how, int a, int b) {
    return switch (how) {
      case "and" -> a & b;
      case "or" -> a | b;
      case "xor" -> a ^ b;
      default -> a;
    };
  }

  /** {@code set}: all ones or 1.0 where the relation holds, else 0. */
  static WarpOperation set(Decoder d) {
    String relation = d.takeOne(RELATIONS);
    boolean flush = d.take("ftz");
    PtxType to = d.type();
    PtxType type = d.type();
    Target target = d.target(0, to);
    Test test = test(d, relation, type, flush);
    long yes = to == PtxType.F32 ? LaneFunction.bits(1f) : -1;
    return (warp, lanes) -> {
      int holds = test.of(warp, lanes);
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        target.set(warp, lane, (holds >>> lane & 1) != 0 ? yes : 0);
      }
    };
  }

  static WarpOperation select(Decoder d) {
    PtxType type = d.type();
    Target target = d.target(0, type);
    Source a = d.source(1, type);
    Source b = d.source(2, type);
    Predicate which = d.predicate(3);
    if (type.bytes() == 4 && !target.wide()) {
      int to = target.base();
      int yes = a.base();
      int no = b.base();
      return (warp, lanes) -> {
        int[] r = warp.ints;
        int chosen = which.get(warp);
        for (int m = lanes; m != 0; m &= m - 1) {
          int l = Integer.numberOfTrailingZeros(m);
          r[to + l] = r[((chosen >>> l & 1) != 0 ? yes : no) + l];
        }
      };
    }
    return (warp, lanes) -> {
      int chosen = which.get(warp);
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        target.set(warp, lane, ((chosen >>> lane & 1) != 0 ? a : b).get(warp, lane));
      }
    };
  }

  /** {@code slct}: a where c is at least 0, else b. */
  static WarpOperation selectBySign(Decoder d) {
    d.take("ftz");
    PtxType type = d.type();
    PtxType of = d.type();
    boolean real = of == PtxType.F32;
    return LaneFunction.three(
        d.target(0, type),
        d.source(1, type),
        d.source(2, type),
        d.source(3, of),
        (a, b, c) -> (real ? float32(c) >= 0 : c >= 0) ? a : b);
  }

  private static Test test(Decoder d, String relation, PtxType type, boolean flush) {
    if (type.bytes() == 4 && type != PtxType.F32 && !Halves.has(type)) {
      Test fast = integers(d, relation, type);
      if (fast != null) {
        return fast;
      }
    }
    Source a = d.source(1, type);
    Source b = d.source(2, type);
    Relation holds = relation(d, relation, type, flush);
    return (warp, lanes) -> {
      int set = 0;
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        if (holds.holds(a.get(warp, lane), b.get(warp, lane))) {
          set |= 1 << lane;
        }
      }
      return set;
    };
  }

  /** The relations on 32-bit integers of which kernels test most; unsigned ones by a shift. */
  private static Test integers(Decoder d, String relation, PtxType type) {
    int a = d.int32(1);
    int b = d.int32(2);
    int shift = type.signed() ? 0 : Integer.MIN_VALUE;
    return switch (relation) {
      case "eq", "ne" -> {
        int flip = relation.equals("eq") ? 0 : -1;
        yield (warp, lanes) -> {
          int[] r = warp.ints;
          int set = 0;
          for (int m = lanes; m != 0; m &= m - 1) {
            int l = Integer.numberOfTrailingZeros(m);
            set |= (r[a + l] == r[b + l] ? 1 : 0) << l;
          }
          return set ^ flip;
        };
      }
      case "lt", "ge", "lo", "hs" -> less(a, b, shift, relation.matches("lt|lo") ? 0 : -1);
      case "gt", "le", "hi", "ls" -> less(b, a, shift, relation.matches("gt|hi") ? 0 : -1);
      default -> null;
    };
  }

  private static Test less(int a, int b, int shift, int flip) {
    return (warp, lanes) -> {
      int[] r = warp.ints;
      int set = 0;
      for (int m = lanes; m != 0; m &= m - 1) {
        int l = Integer.numberOfTrailingZeros(m);
        set |= ((r[a + l] ^ shift) < (r[b + l] ^ shift) ? 1 : 0) << l;
      }
      return set ^ flip;
    };
  }

  private static Relation relation(Decoder d, String name, PtxType type, boolean flush) {
    if (Conversions.floating(type)) {
      return floats(d, name, type, flush);
    }
    boolean unsigned64 = type == PtxType.U64 || name.matches("lo|ls|hi|hs");
    return switch (name) {
      case "eq" -> (a, b) -> a == b;
      case "ne" -> (a, b) -> a != b;
      case "lt", "lo" -> unsigned64 ? (a, b) -> Long.compareUnsigned(a, b) < 0 : (a, b) -> a < b;
      case "le", "ls" -> unsigned64 ? (a, b) -> Long.compareUnsigned(a, b) <= 0 : (a, b) -> a <= b;
      case "gt", "hi" -> unsigned64 ? (a, b) -> Long.compareUnsigned(a, b) > 0 : (a, b) -> a > b;
      case "ge", "hs" -> unsigned64 ? (a, b) -> Long.compareUnsigned(a, b) >= 0 : (a, b) -> a >= b;
      default -> throw d.error("no relation of integers");
    };
  }

  /** Every float is compared as a double; the relations with a u hold where one is NaN. */
  private static Relation floats(Decoder d, String name, PtxType type, boolean flush) {
    return switch (name) {
      case "eq" -> (a, b) -> value(a, type, flush) == value(b, type, flush);
      case "ne" -> {
        Relation number = (a, b) -> comparable(a, b, type);
        yield (a, b) -> number.holds(a, b) && value(a, type, flush) != value(b, type, flush);
      }
      case "lt" -> (a, b) -> value(a, type, flush) < value(b, type, flush);
      case "le" -> (a, b) -> value(a, type, flush) <= value(b, type, flush);
      case "gt" -> (a, b) -> value(a, type, flush) > value(b, type, flush);
      case "ge" -> (a, b) -> value(a, type, flush) >= value(b, type, flush);
      case "equ" ->
          (a, b) -> !comparable(a, b, type) || value(a, type, flush) == value(b, type, flush);
      case "neu" -> (a, b) -> value(a, type, flush) != value(b, type, flush);
      case "ltu" -> (a, b) -> !(value(a, type, flush) >= value(b, type, flush));
      case "leu" -> (a, b) -> !(value(a, type, flush) > value(b, type, flush));
      case "gtu" -> (a, b) -> !(value(a, type, flush) <= value(b, type, flush));
      case "geu" -> (a, b) -> !(value(a, type, flush) < value(b, type, flush));
      case "num" -> (a, b) -> comparable(a, b, type);
      case "nan" -> (a, b) -> !comparable(a, b, type);
      default -> throw d.error("no relation of floating-point numbers");
    };
  }

  private static boolean comparable(long a, long b, PtxType type) {
    return !Double.isNaN(value(a, type, false)) && !Double.isNaN(value(b, type, false));
  }

  private static double value(long bits, PtxType type, boolean flush) {
    return switch (type) {
      case F64 -> float64(bits);
      case F32 -> float32(flush ? Floats.flush(bits) : bits);
      default -> float32(Halves.widen(bits, type == PtxType.BF16));
    };
  }
}
