package io.sedd.cuda.ptx.operation;

/** Where a variable lies. */
record Place(Space space, long address) {

  /** The state spaces of PTX; GENERIC addresses may be of any. */
  enum Space {
    GLOBAL,
    SHARED,
    LOCAL,
    PARAMETER,
    GENERIC
  }
}
