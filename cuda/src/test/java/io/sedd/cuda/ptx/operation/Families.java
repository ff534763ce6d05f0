package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.LaneFault;
import io.sedd.cuda.ptx.machine.WarpOperation;
import io.sedd.cuda.ptx.syntax.PtxType;
import java.util.Set;

/** Which family an instruction that only moves on to the next belongs to. */
final class Families {

  private static final Set<String> ARITHMETIC =
      Set.of(
          "add",
          "addc",
          "sub",
          "subc",
          "mul",
          "mad",
          "madc",
          "fma",
          "div",
          "rem",
          "min",
          "max",
          "abs",
          "neg",
          "copysign",
          "rcp",
          "sqrt",
          "rsqrt",
          "sin",
          "cos",
          "lg2",
          "ex2",
          "tanh");

  private Families() {}

  static WarpOperation decode(Decoder d) {
    return switch (d.name()) {
      case "mov" -> Moves.decode(d);
      case "ld", "ldu" -> LoadsAndStores.load(d);
      case "st" -> LoadsAndStores.store(d);
      case "cvta" -> Addresses.convert(d);
      case "isspacep" -> Addresses.isSpace(d);
      case "cvt" -> Conversions.decode(d);
      case "setp" -> Comparisons.setPredicate(d);
      case "set" -> Comparisons.set(d);
      case "selp" -> Comparisons.select(d);
      case "slct" -> Comparisons.selectBySign(d);
      case "and", "or", "xor", "not", "cnot" -> Bits.logic(d);
      case "shl", "shr" -> Bits.shift(d);
      case "shf" -> Bits.funnel(d);
      case "bfe" -> Bits.extract(d);
      case "bfi" -> Bits.insert(d);
      case "popc", "clz", "brev", "bfind" -> Bits.count(d);
      case "lop3" -> Bits.table(d);
      case "prmt" -> Bits.permute(d);
      case "dp4a" -> Bits.dotProduct(d);
      case "atom", "red" -> Atomics.decode(d);
      case "cp" -> AsyncTransfers.decode(d);
      case "activemask" -> Exchanges.activeMask(d);
      // every access is seen by everybody at once, and there are no caches
      case "membar", "fence", "prefetch", "prefetchu", "nanosleep", "griddepcontrol", "pmevent" -> {
        d.ignore(modifier -> true);
        yield (warp, lanes) -> {};
      }
      case "trap" ->
          (warp, lanes) -> {
            throw new LaneFault(Integer.numberOfTrailingZeros(lanes), "gives up");
          };
      case "testp" -> test(d);
      default -> arithmetic(d);
    };
  }

  private static WarpOperation arithmetic(Decoder d) {
    if (!ARITHMETIC.contains(d.name())) {
      throw d.error("the emulator does not know this instruction");
    }
    if (Carries.has(d)) {
      return Carries.decode(d);
    }
    PtxType type = d.type();
    return switch (type) {
      case F32 -> Floats.decode(d);
      case F64 -> Doubles.decode(d);
      case F16, BF16, F16X2, BF16X2 -> Halves.decode(d, type);
      default -> Integers.decode(d, type);
    };
  }

  private static WarpOperation test(Decoder d) {
    String what = d.takeOne("finite", "infinite", "number", "notanumber", "normal", "subnormal");
    PtxType type = d.type();
    int target = d.targetPredicate(d.operand(0));
    Source source = d.source(1, type);
    boolean single = type == PtxType.F32;
    return (warp, lanes) -> {
      int set = 0;
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        long bits = source.get(warp, lane);
        double x = single ? LaneFunction.float32(bits) : LaneFunction.float64(bits);
        double least = single ? Float.MIN_NORMAL : Double.MIN_NORMAL;
        boolean yes =
            switch (what) {
              case "finite" -> Double.isFinite(x);
              case "infinite" -> Double.isInfinite(x);
              case "number" -> !Double.isNaN(x);
              case "notanumber" -> Double.isNaN(x);
              case "normal" -> Double.isFinite(x) && Math.abs(x) >= least;
              default -> x != 0 && Math.abs(x) < least;
            };
        set |= yes ? 1 << lane : 0;
      }
      warp.predicates[target] = (warp.predicates[target] & ~lanes) | set;
    };
  }
}
