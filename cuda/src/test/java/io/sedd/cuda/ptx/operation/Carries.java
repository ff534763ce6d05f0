package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.WarpOperation;
import io.sedd.cuda.ptx.syntax.PtxType;

/**
 * Sums with the carry flag: {@code add.cc}, {@code addc}, {@code sub.cc}, {@code subc}, {@code
 * mad.cc} and {@code madc}. After a subtraction the flag is the borrow.
 */
final class Carries {

  private Carries() {}

  /** Whether an instruction reads or writes the flag. */
  static boolean has(Decoder d) {
    return (d.name().endsWith("c") && d.name().matches("addc|subc|madc"))
        || d.text().modifiers().contains("cc");
  }

  static WarpOperation decode(Decoder d) {
    boolean writes = d.take("cc");
    boolean reads = d.name().endsWith("c");
    String high = d.takeOne("hi", "lo");
    PtxType type = d.type();
    boolean subtract = d.name().startsWith("sub");
    Target target = d.target(0, type);
    Source a = d.source(1, type);
    Source b = d.source(2, type);
    if (!d.name().startsWith("mad")) {
      return loop(target, a, b, null, null, type, subtract, reads, writes);
    }
    LaneFunction product = high.equals("hi") ? Integers.high(type) : (x, y, z) -> x * y;
    return loop(target, a, b, d.source(3, type), product, type, false, reads, writes);
  }

  private static WarpOperation loop(
      Target target,
      Source a,
      Source b,
      Source c,
      LaneFunction product,
      PtxType type,
      boolean subtract,
      boolean reads,
      boolean writes) {
    boolean wide = type.bytes() == 8;
    return (warp, lanes) -> {
      int flags = 0;
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        long x = a.get(warp, lane);
        long y = b.get(warp, lane);
        if (product != null) {
          x = product.of(x, y, 0);
          y = c.get(warp, lane);
        }
        long in = reads ? warp.carry >>> lane & 1 : 0;
        long out;
        boolean carry;
        if (wide) {
          long first = subtract ? x - y : x + y;
          out = subtract ? first - in : first + in;
          carry =
              subtract
                  ? Long.compareUnsigned(x, y) < 0 || Long.compareUnsigned(first, in) < 0
                  : Long.compareUnsigned(first, x) < 0 || Long.compareUnsigned(out, first) < 0;
        } else {
          x &= 0xffff_ffffL;
          y &= 0xffff_ffffL;
          out = subtract ? x - y - in : x + y + in;
          carry = (out >>> 32 & 1) != 0;
        }
        target.set(warp, lane, out);
        if (carry) {
          flags |= 1 << lane;
        }
      }
      if (writes) {
        warp.carry = (warp.carry & ~lanes) | flags;
      }
    };
  }
}
