package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.syntax.Operand;
import java.util.HashMap;
import java.util.Map;

/**
 * What names mean inside one function; each call of a device function is put in the caller's place
 * with a frame of its own.
 */
final class Frame {

  private final Map<String, Place> variables = new HashMap<>();
  private final Map<Integer, Integer> registers = new HashMap<>();
  private final Registers all;

  Frame(Registers all) {
    this.all = all;
  }

  void place(String variable, Place place) {
    variables.put(variable, place);
  }

  /** The variable's place, or null. */
  Place find(String variable) {
    return variables.get(variable);
  }

  Registers all() {
    return all;
  }

  int index(Operand.Register register) {
    return registers.computeIfAbsent(
        register.number(),
        number ->
            switch (register.type().bytes()) {
              case 0 -> all.newPredicate();
              case 8 -> all.newLong();
              default -> all.newInt();
            });
  }
}
