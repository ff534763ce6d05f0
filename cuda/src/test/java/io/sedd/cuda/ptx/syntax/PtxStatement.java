package io.sedd.cuda.ptx.syntax;

import java.util.List;

/** What stands in the body of a function, in its order. */
public sealed interface PtxStatement
    permits PtxInstruction, PtxStatement.Label, PtxStatement.BranchTargets {

  record Label(String name) implements PtxStatement {}

  /** A list of labels under a name, for {@code brx.idx}. */
  record BranchTargets(String name, List<String> labels) implements PtxStatement {}
}
