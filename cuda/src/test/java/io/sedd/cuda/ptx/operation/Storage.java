package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.syntax.Operand;
import io.sedd.cuda.ptx.syntax.PtxFunction;
import io.sedd.cuda.ptx.syntax.PtxInstruction;
import io.sedd.cuda.ptx.syntax.PtxModule;
import io.sedd.cuda.ptx.syntax.PtxStatement;
import io.sedd.cuda.ptx.syntax.PtxVariable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the variables of one kernel lie: the shared ones that it or a function that it calls uses,
 * first those of fixed size and then the dynamic one; local ones as functions are entered.
 */
final class Storage {

  private final PtxModule module;
  private final Map<String, Place> globals;
  private final Map<String, Place> shared = new HashMap<>();
  private long sharedBytes;
  private long localBytes;

  /**
   * @param globals places of the module's global and constant variables
   */
  Storage(PtxModule module, PtxFunction kernel, Map<String, Place> globals) {
    this.module = module;
    this.globals = globals;
    Set<String> used = new HashSet<>();
    Set<String> functions = new HashSet<>();
    use(kernel, used, functions);
    for (String function : functions) {
      reserve(function + "/", module.functions().get(function).variables());
    }
    List<PtxVariable> mine =
        module.variables().stream().filter(v -> used.contains(v.name())).toList();
    reserve("", mine);
    sharedBytes = align(sharedBytes, 16);
    for (PtxVariable variable : mine) {
      if (variable.space().equals("shared") && variable.bytes() == 0) {
        sharedBytes = align(sharedBytes, variable.alignment());
        shared.put(variable.name(), new Place(Place.Space.SHARED, sharedBytes));
      }
    }
  }

  private void use(PtxFunction function, Set<String> names, Set<String> functions) {
    if (function == null || !functions.add(function.name())) {
      return;
    }
    for (PtxStatement statement : function.body()) {
      if (statement instanceof PtxInstruction instruction) {
        instruction.operands().forEach(operand -> collect(operand, names));
        if (instruction.name().equals("call")) {
          new HashSet<>(names).forEach(name -> use(module.functions().get(name), names, functions));
        }
      }
    }
  }

  private static void collect(Operand operand, Set<String> names) {
    switch (operand) {
      case Operand.Symbol symbol -> names.add(symbol.name());
      case Operand.Address address -> collect(address.base(), names);
      case Operand.Vector vector -> vector.elements().forEach(e -> collect(e, names));
      case Operand.Group group -> group.elements().forEach(e -> collect(e, names));
      default -> {}
    }
  }

  private void reserve(String prefix, List<PtxVariable> variables) {
    for (PtxVariable variable : variables) {
      if (variable.space().equals("shared") && variable.bytes() > 0) {
        sharedBytes = align(sharedBytes, variable.alignment());
        shared.put(prefix + variable.name(), new Place(Place.Space.SHARED, sharedBytes));
        sharedBytes += variable.bytes();
      }
    }
  }

  /** Names what the module and this function declare; its parameters are the caller's to place. */
  void declare(PtxFunction function, Frame frame) {
    globals.forEach(frame::place);
    shared.forEach(
        (name, place) -> {
          if (name.startsWith(function.name() + "/")) {
            frame.place(name.substring(function.name().length() + 1), place);
          } else if (name.indexOf('/') < 0) {
            frame.place(name, place);
          }
        });
    Map<String, Long> sizes = new HashMap<>();
    for (PtxVariable variable : function.variables()) {
      if (!variable.space().equals("shared")) {
        sizes.merge(variable.name(), variable.bytes(), Math::max);
      }
    }
    // a name that several scopes declare, as the arguments of calls, never lives twice at once
    sizes.forEach((name, bytes) -> frame.place(name, local(bytes)));
  }

  Place local(long bytes) {
    localBytes = align(localBytes, 16);
    Place place = new Place(Place.Space.LOCAL, localBytes);
    localBytes += bytes;
    return place;
  }

  int sharedBytes() {
    return (int) sharedBytes;
  }

  int localBytes() {
    return (int) align(localBytes, 16);
  }

  static long align(long at, long alignment) {
    return (at + alignment - 1) / alignment * alignment;
  }
}
