package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.Warp;

/** Where a predicate is read; flip is -1 for its opposite, else 0. */
record Predicate(int index, int flip) {

  /** Bit l for lane l. */
  int get(Warp warp) {
    return warp.predicates[index] ^ flip;
  }
}
