package io.sedd.cuda.ptx.machine;

import io.sedd.cuda.ptx.syntax.PtxInstruction;

/** An instruction that is ready to run: its registers are indexes, its label a position. */
public final class Instruction {

  /** How it moves a warp on. */
  public enum Kind {
    /** To the next instruction. */
    STEP,
    /** To {@link Instruction#target()}, for the lanes that run it. */
    BRANCH,
    /** Nowhere: these lanes are done. */
    EXIT,
    /** To the next, once all lanes that it names have come. */
    TOGETHER,
    /** To the next, once the block lets the warp. */
    BARRIER
  }

  /** Which lanes must have come before it runs. */
  @FunctionalInterface
  public interface Members {
    int of(Warp warp, int lanes);
  }

  final PtxInstruction text;
  final Kind kind;
  final int guard;
  final int flip;
  final WarpOperation body;
  final Members members;
  final Barrier barrier;
  int target;
  boolean leader;

  private Instruction(
      PtxInstruction text,
      Kind kind,
      int guard,
      boolean negated,
      WarpOperation body,
      Members members,
      Barrier barrier) {
    this.text = text;
    this.kind = kind;
    this.guard = guard;
    this.flip = negated ? -1 : 0;
    this.body = body;
    this.members = members;
    this.barrier = barrier;
    this.leader = kind == Kind.TOGETHER || kind == Kind.BARRIER;
  }

  /**
   * @param guard index of the predicate; 0 is the one that is always true
   */
  public static Instruction step(
      PtxInstruction text, int guard, boolean negated, WarpOperation body) {
    return new Instruction(text, Kind.STEP, guard, negated, body, null, null);
  }

  public static Instruction branch(PtxInstruction text, int guard, boolean negated) {
    return new Instruction(text, Kind.BRANCH, guard, negated, null, null, null);
  }

  public static Instruction exit(PtxInstruction text, int guard, boolean negated) {
    return new Instruction(text, Kind.EXIT, guard, negated, null, null, null);
  }

  public static Instruction together(
      PtxInstruction text, int guard, boolean negated, WarpOperation body, Members members) {
    return new Instruction(text, Kind.TOGETHER, guard, negated, body, members, null);
  }

  public static Instruction barrier(
      PtxInstruction text, int guard, boolean negated, Barrier barrier) {
    return new Instruction(text, Kind.BARRIER, guard, negated, null, null, barrier);
  }

  public Kind kind() {
    return kind;
  }

  public int target() {
    return target;
  }

  public void jumpTo(int position) {
    target = position;
  }

  /** Lanes may come here from more than one place. */
  public void lead() {
    leader = true;
  }
}
