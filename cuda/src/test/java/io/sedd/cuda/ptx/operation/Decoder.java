package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.SpecialRegisters;
import io.sedd.cuda.ptx.syntax.Operand;
import io.sedd.cuda.ptx.syntax.PtxInstruction;
import io.sedd.cuda.ptx.syntax.PtxSyntaxException;
import io.sedd.cuda.ptx.syntax.PtxType;
import java.util.ArrayList;
import java.util.List;

/**
 * One instruction's modifiers and operands, taken one after the other by the family that knows it.
 * What is not taken is not understood: {@link #finish} says so.
 */
final class Decoder {

  private final PtxInstruction text;
  private final Frame frame;
  private final List<String> modifiers;

  Decoder(PtxInstruction text, Frame frame) {
    this.text = text;
    this.frame = frame;
    this.modifiers = new ArrayList<>(text.modifiers());
  }

  PtxInstruction text() {
    return text;
  }

  String name() {
    return text.name();
  }

  PtxSyntaxException error(String reason) {
    return new PtxSyntaxException(text.line(), text.text(), reason);
  }

  void finish() {
    if (!modifiers.isEmpty()) {
      throw error("the emulator does not know ." + modifiers.getFirst() + " here");
    }
  }

  // --- modifiers

  boolean take(String modifier) {
    return modifiers.remove(modifier);
  }

  /** Takes the first of these that is there; "" if none. */
  String takeOne(String... choices) {
    for (String choice : choices) {
      if (modifiers.remove(choice)) {
        return choice;
      }
    }
    return "";
  }

  /** Drops modifiers that change nothing here. */
  void ignore(java.util.function.Predicate<String> which) {
    modifiers.removeIf(which);
  }

  /** Takes the next type. */
  PtxType type() {
    for (String modifier : modifiers) {
      PtxType type = PtxType.of(modifier);
      if (type != null) {
        modifiers.remove(modifier);
        return type;
      }
    }
    throw error("the emulator expects a type here");
  }

  // --- operands

  int count() {
    return text.operands().size();
  }

  Operand operand(int index) {
    if (index >= count()) {
      throw error("the emulator expects an operand more");
    }
    return text.operands().get(index);
  }

  Source source(int index, PtxType type) {
    return source(operand(index), type);
  }

  Source source(Operand operand, PtxType type) {
    boolean wide = wide(operand, type);
    int shift = 64 - type.bits();
    return new Source(wide, base(operand, wide), shift, type.signed());
  }

  private boolean wide(Operand operand, PtxType type) {
    return switch (operand) {
      case Operand.Register register -> register.type().bytes() == 8;
      case Operand.Special special -> SpecialRegisters.wide(special.name());
      default -> type.bytes() == 8;
    };
  }

  Target target(int index, PtxType type) {
    return target(operand(index), type);
  }

  Target target(Operand operand, PtxType type) {
    return switch (operand) {
      case Operand.Sink sink ->
          type.bytes() == 8
              ? new Target(true, frame.all().newLong(), 0)
              : new Target(false, frame.all().newInt(), -1);
      case Operand.Register register when register.type() != PtxType.PRED ->
          new Target(
              register.type().bytes() == 8,
              frame.index(register),
              register.type().bytes() >= 4 ? -1 : (1 << register.type().bits()) - 1);
      default -> throw error(operand + " cannot be written");
    };
  }

  /** Index of lane 0 of a 32-bit register that is read. */
  int int32(int index) {
    Operand operand = operand(index);
    if (wide(operand, PtxType.B32)) {
      throw error("a register of 64 bits in the place of one of 32");
    }
    return base(operand, false);
  }

  /** Index of lane 0 of a 64-bit register that is read. */
  int int64(int index) {
    Operand operand = operand(index);
    if (!wide(operand, PtxType.B64)) {
      throw error("a register of 32 bits in the place of one of 64");
    }
    return base(operand, true);
  }

  int base(Operand operand, boolean wide) {
    return switch (operand) {
      case Operand.Register register when register.type() != PtxType.PRED -> frame.index(register);
      case Operand.Immediate number ->
          frame.all().constant(wide, wide ? number.bits() : (int) number.bits());
      case Operand.Symbol symbol ->
          frame.all().constant(wide, place(symbol).address() + symbol.offset());
      case Operand.Special special -> {
        int base = frame.all().special(special.name());
        if (base < 0) {
          throw error("the emulator does not know the register %" + special.name());
        }
        yield base;
      }
      default -> throw error(operand + " cannot be read");
    };
  }

  Place place(Operand.Symbol symbol) {
    Place place = frame.find(symbol.name());
    if (place == null) {
      throw error("'" + symbol.name() + "' is declared nowhere");
    }
    return place;
  }

  Predicate predicate(int index) {
    return predicate(operand(index));
  }

  Predicate predicate(Operand operand) {
    return switch (operand) {
      case Operand.Register register when register.type() == PtxType.PRED ->
          new Predicate(frame.index(register), 0);
      case Operand.Negated negated -> {
        var inner = predicate(negated.predicate());
        yield new Predicate(inner.index(), ~inner.flip());
      }
      case Operand.Immediate number -> new Predicate(number.bits() == 0 ? 1 : 0, 0);
      default -> throw error(operand + " is no predicate");
    };
  }

  /** Index of a predicate that is written. */
  int targetPredicate(Operand operand) {
    return switch (operand) {
      case Operand.Sink sink -> frame.all().newPredicate();
      case Operand.Register register when register.type() == PtxType.PRED -> frame.index(register);
      default -> throw error(operand + " is no predicate that can be written");
    };
  }

  /** The operands of {@code {a, b}}, or the one alone. */
  List<Operand> elements(int index) {
    return operand(index) instanceof Operand.Vector vector
        ? vector.elements()
        : List.of(operand(index));
  }

  /** The address that an operand means; {@code space} where the operand does not say. */
  Address address(int index, Place.Space space) {
    if (!(operand(index) instanceof Operand.Address address)) {
      throw error(operand(index) + " is no address");
    }
    if (address.base() instanceof Operand.Symbol symbol) {
      Place place = place(symbol);
      long at = place.address() + symbol.offset() + address.offset();
      Place.Space where = space == Place.Space.GENERIC ? place.space() : space;
      if (where == Place.Space.PARAMETER) {
        where = place.space();
      }
      return new Address(where, true, frame.all().constant(true, at), 0);
    }
    boolean wide = wide(address.base(), PtxType.B64);
    return new Address(space, wide, base(address.base(), wide), address.offset());
  }

  /** A register that nobody else uses. */
  int scratch() {
    return frame.all().newInt();
  }
}
