package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.Warp;

/**
 * Where a value goes.
 *
 * @param mask bits of a register of up to 32 bits
 */
record Target(boolean wide, int base, int mask) {

  void set(Warp warp, int lane, long bits) {
    if (wide) {
      warp.longs[base + lane] = bits;
    } else {
      warp.ints[base + lane] = (int) bits & mask;
    }
  }
}
