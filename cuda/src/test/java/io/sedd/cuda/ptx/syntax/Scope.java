package io.sedd.cuda.ptx.syntax;

import java.util.HashMap;
import java.util.Map;

/** The registers that one pair of braces declares, inside those of the braces around it. */
final class Scope {

  /** Numbers the registers of a function. */
  static final class Counter {
    private int next;
  }

  private record Range(PtxType type, int count) {}

  private final Scope outer;
  private final Counter counter;
  private final Map<String, Range> ranges = new HashMap<>();
  private final Map<String, Operand.Register> registers = new HashMap<>();

  Scope(Scope outer, Counter counter) {
    this.outer = outer;
    this.counter = counter;
  }

  Scope outer() {
    return outer;
  }

  Scope inner() {
    return new Scope(this, counter);
  }

  void declare(PtxType type, String name) {
    registers.put(name, new Operand.Register(counter.next++, type, name));
  }

  /** {@code %r<31>}: the registers %r0 to %r30. */
  void declare(PtxType type, String prefix, int count) {
    ranges.put(prefix, new Range(type, count));
  }

  /** The register of this name, or null if no scope has it. */
  Operand.Register find(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      Operand.Register register = scope.here(name);
      if (register != null) {
        return register;
      }
    }
    return null;
  }

  private Operand.Register here(String name) {
    Operand.Register known = registers.get(name);
    if (known != null) {
      return known;
    }
    int digits = name.length();
    while (digits > 0 && Character.isDigit(name.charAt(digits - 1))) {
      digits--;
    }
    if (digits == name.length() || name.length() - digits > 9) {
      return null;
    }
    Range range = ranges.get(name.substring(0, digits));
    if (range == null || Integer.parseInt(name.substring(digits)) >= range.count) {
      return null;
    }
    declare(range.type, name);
    return registers.get(name);
  }
}
