package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.Warp;

/**
 * Where a value is read: a register, or a number of the text in one. The value is extended to 64
 * bits by the type of the instruction, which may be narrower than the register.
 */
record Source(boolean wide, int base, int shift, boolean signed) {

  long get(Warp warp, int lane) {
    long bits = wide ? warp.longs[base + lane] : warp.ints[base + lane];
    return signed ? bits << shift >> shift : bits << shift >>> shift;
  }
}
