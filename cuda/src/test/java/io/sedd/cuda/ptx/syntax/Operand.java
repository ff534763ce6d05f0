package io.sedd.cuda.ptx.syntax;

import java.util.List;

/** What an instruction works on. */
public sealed interface Operand {

  /** A register of the function; {@code number} is unique in it, whatever scope declared it. */
  record Register(int number, PtxType type, String name) implements Operand {}

  /** {@code %tid.x} and its like, without the percent sign. */
  record Special(String name) implements Operand {}

  /** A number: an integer, or the bits of a {@code 0f} or {@code 0d} literal. */
  record Immediate(long bits) implements Operand {}

  /** A variable's address, a label or a function, and how far behind it. */
  record Symbol(String name, long offset) implements Operand {}

  /** {@code [base + offset]}. */
  record Address(Operand base, long offset) implements Operand {}

  /** <code>{a, b}</code>. */
  record Vector(List<Operand> elements) implements Operand {}

  /** {@code (a, b)} of a call. */
  record Group(List<Operand> elements) implements Operand {}

  /** {@code a|b}: a second destination. */
  record Pair(Operand first, Operand second) implements Operand {}

  /** {@code !p}. */
  record Negated(Operand predicate) implements Operand {}

  /** {@code _}: a destination that nobody wants. */
  record Sink() implements Operand {}
}
