package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.Warp;

/** An address operand: a register and a distance from it. */
record Address(Place.Space space, boolean wide, int base, long offset) {

  long of(Warp warp, int lane) {
    return (wide ? warp.longs[base + lane] : warp.ints[base + lane] & 0xffff_ffffL) + offset;
  }
}
