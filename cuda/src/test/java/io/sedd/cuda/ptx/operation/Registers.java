package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.Program;
import io.sedd.cuda.ptx.machine.SpecialRegisters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives out the registers of a program: for what the text names, for numbers, for %tid.x. */
final class Registers {

  private record Number(boolean wide, long bits) {}

  private int ints;
  private int longs;
  private int predicates = 2;
  private final Map<Number, Integer> numbers = new HashMap<>();
  private final Map<String, Integer> specials = new HashMap<>();
  private final List<Program.Constant> constants = new ArrayList<>();
  private final List<Program.SpecialRegister> specialRegisters = new ArrayList<>();

  int newInt() {
    return 32 * ints++;
  }

  int newLong() {
    return 32 * longs++;
  }

  int newPredicate() {
    return predicates++;
  }

  /** A register that holds this number. */
  int constant(boolean wide, long bits) {
    return numbers.computeIfAbsent(
        new Number(wide, bits),
        number -> {
          int base = wide ? newLong() : newInt();
          constants.add(new Program.Constant(wide, base, bits));
          return base;
        });
  }

  /** The special register of this name, as wide as PTX has it; -1 if there is none. */
  int special(String name) {
    if (!SpecialRegisters.known(name)) {
      return -1;
    }
    return specials.computeIfAbsent(
        name,
        n -> {
          boolean wide = SpecialRegisters.wide(n);
          int base = wide ? newLong() : newInt();
          specialRegisters.add(new Program.SpecialRegister(n, wide, base));
          return base;
        });
  }

  int ints() {
    return 32 * ints;
  }

  int longs() {
    return 32 * longs;
  }

  int predicates() {
    return predicates;
  }

  List<Program.Constant> constants() {
    return List.copyOf(constants);
  }

  List<Program.SpecialRegister> specials() {
    return List.copyOf(specialRegisters);
  }
}
