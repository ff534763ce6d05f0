package io.sedd.cuda.ptx.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the body of a function. Inner braces are scopes of registers and nothing else. */
final class BodyParser {

  private final Tokens tokens;
  private final Map<Integer, String> files;
  private final List<PtxVariable> variables = new ArrayList<>();
  private final List<PtxStatement> statements = new ArrayList<>();
  private Scope scope = new Scope(null, new Scope.Counter());
  private String source = "";

  BodyParser(Tokens tokens, Map<Integer, String> files) {
    this.tokens = tokens;
    this.files = files;
  }

  List<PtxVariable> variables() {
    return variables;
  }

  List<PtxStatement> statements() {
    return statements;
  }

  void parse() {
    tokens.expect("{");
    while (scope != null) {
      statement();
    }
  }

  private void statement() {
    switch (tokens.peek()) {
      case "{" -> {
        tokens.take();
        scope = scope.inner();
      }
      case "}" -> {
        tokens.take();
        scope = scope.outer();
      }
      case ";" -> tokens.take();
      case ".reg" -> registers();
      case ".local", ".shared", ".param" -> {
        variables.add(Declarations.variable(tokens));
        tokens.expect(";");
      }
      case ".loc" -> location();
      case ".pragma" -> tokens.restOfLine();
      default -> {
        if (tokens.peekSecond().equals(":")) {
          label();
        } else {
          statements.add(instruction());
        }
      }
    }
  }

  private void registers() {
    tokens.take();
    PtxType type = PtxType.of(tokens.take().substring(1));
    if (type == null) {
      throw tokens.error("registers of a type that is not known");
    }
    do {
      String name = tokens.take();
      if (tokens.takeIf("<")) {
        scope.declare(type, name, (int) tokens.integer());
        tokens.expect(">");
      } else {
        scope.declare(type, name);
      }
    } while (tokens.takeIf(","));
    tokens.expect(";");
  }

  private void location() {
    List<String> words = tokens.restOfLine();
    source = files.getOrDefault(Integer.parseInt(words.get(1)), "?") + ":" + words.get(2);
  }

  private void label() {
    String name = tokens.take();
    tokens.expect(":");
    if (!tokens.takeIf(".branchtargets")) {
      statements.add(new PtxStatement.Label(name));
      return;
    }
    List<String> labels = new ArrayList<>();
    do {
      labels.add(tokens.take());
    } while (tokens.takeIf(","));
    tokens.expect(";");
    statements.add(new PtxStatement.BranchTargets(name, labels));
  }

  private PtxInstruction instruction() {
    int line = tokens.line();
    int from = tokens.position();
    Operand guard = null;
    boolean negated = false;
    if (tokens.takeIf("@")) {
      negated = tokens.takeIf("!");
      guard = operand();
    }
    List<String> words = List.of(tokens.take().split("\\."));
    List<Operand> operands = new ArrayList<>();
    while (!tokens.peek().equals(";")) {
      operands.add(operand());
      tokens.takeIf(",");
    }
    tokens.expect(";");
    return new PtxInstruction(
        guard,
        negated,
        words.getFirst(),
        words.subList(1, words.size()),
        operands,
        line,
        tokens.since(from),
        source);
  }

  private Operand operand() {
    Operand first = simple();
    return tokens.takeIf("|") ? new Operand.Pair(first, simple()) : first;
  }

  private Operand simple() {
    switch (tokens.peek()) {
      case "{" -> {
        tokens.take();
        return new Operand.Vector(list("}"));
      }
      case "(" -> {
        tokens.take();
        return new Operand.Group(list(")"));
      }
      case "[" -> {
        return address();
      }
      case "!" -> {
        tokens.take();
        return new Operand.Negated(simple());
      }
      case "_" -> {
        tokens.take();
        return new Operand.Sink();
      }
      case "-" -> {
        tokens.take();
        return new Operand.Immediate(-Numbers.bits(tokens.take()));
      }
      default -> {
        return named(tokens.take());
      }
    }
  }

  private Operand named(String word) {
    if (Numbers.isNumber(word)) {
      return new Operand.Immediate(Numbers.bits(word));
    }
    Operand.Register register = scope.find(word);
    if (register != null) {
      return register;
    }
    if (word.startsWith("%")) {
      return new Operand.Special(word.substring(1));
    }
    return new Operand.Symbol(word, offset());
  }

  private Operand address() {
    tokens.expect("[");
    Operand base = simple();
    long offset = offset();
    tokens.expect("]");
    return new Operand.Address(base, offset);
  }

  private long offset() {
    long offset = 0;
    while (tokens.peek().equals("+") || tokens.peek().equals("-")) {
      boolean minus = tokens.take().equals("-");
      long step = tokens.integer();
      offset += minus ? -step : step;
    }
    return offset;
  }

  private List<Operand> list(String end) {
    List<Operand> elements = new ArrayList<>();
    while (!tokens.takeIf(end)) {
      elements.add(operand());
      tokens.takeIf(",");
    }
    return elements;
  }
}
