package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.Barrier;
import io.sedd.cuda.ptx.machine.Instruction;
import io.sedd.cuda.ptx.machine.Program;
import io.sedd.cuda.ptx.machine.WarpOperation;
import io.sedd.cuda.ptx.syntax.Operand;
import io.sedd.cuda.ptx.syntax.PtxFunction;
import io.sedd.cuda.ptx.syntax.PtxInstruction;
import io.sedd.cuda.ptx.syntax.PtxModule;
import io.sedd.cuda.ptx.syntax.PtxStatement;
import io.sedd.cuda.ptx.syntax.PtxVariable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a program of a kernel: control flow here, everything else in the families. Device functions
 * are put in the place of their calls, so they may not call themselves.
 */
public final class Translator {

  private final PtxModule module;
  private final PtxFunction kernel;
  private final Storage storage;
  private final Registers registers = new Registers();
  private final List<Instruction> code = new ArrayList<>();
  private final Deque<String> calls = new ArrayDeque<>();

  private Translator(PtxModule module, PtxFunction kernel, Map<String, Place> globals) {
    this.module = module;
    this.kernel = kernel;
    this.storage = new Storage(module, kernel, globals);
  }

  /**
   * @param globals address of each global and constant variable of the module
   * @throws io.sedd.cuda.ptx.syntax.PtxSyntaxException if it has an instruction that the emulator
   *     does not know
   */
  public static Program translate(PtxModule module, PtxFunction kernel, Map<String, Long> globals) {
    Map<String, Place> places = new HashMap<>();
    globals.forEach((name, at) -> places.put(name, new Place(Place.Space.GLOBAL, at)));
    return new Translator(module, kernel, places).program();
  }

  private Program program() {
    Frame frame = new Frame(registers);
    storage.declare(kernel, frame);
    List<Integer> offsets = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    long end = 0;
    for (PtxVariable parameter : kernel.parameters()) {
      end = Storage.align(end, parameter.alignment());
      frame.place(parameter.name(), new Place(Place.Space.PARAMETER, end));
      offsets.add((int) end);
      sizes.add((int) parameter.bytes());
      end += parameter.bytes();
    }
    function(kernel, frame);
    PtxInstruction last =
        new PtxInstruction(null, false, "exit", List.of(), List.of(), 0, "(end)", "");
    code.add(Instruction.exit(last, 0, false));
    markLeaders();
    return new Program(
        kernel.name(),
        code.toArray(Instruction[]::new),
        registers.ints(),
        registers.longs(),
        registers.predicates(),
        registers.constants(),
        registers.specials(),
        storage.localBytes(),
        storage.sharedBytes(),
        (int) end,
        offsets,
        sizes,
        kernel.threads());
  }

  private void markLeaders() {
    for (int i = 0; i < code.size(); i++) {
      Instruction instruction = code.get(i);
      if (instruction.kind() == Instruction.Kind.BRANCH) {
        code.get(instruction.target()).lead();
      }
      if (instruction.kind() != Instruction.Kind.STEP && i + 1 < code.size()) {
        code.get(i + 1).lead();
      }
    }
  }

  private void function(PtxFunction function, Frame frame) {
    if (calls.contains(function.name())) {
      throw new IllegalArgumentException(function.name() + " calls itself");
    }
    calls.push(function.name());
    Map<String, Integer> labels = new HashMap<>();
    Map<String, List<String>> lists = new HashMap<>();
    Map<Instruction, String> jumps = new HashMap<>();
    List<Instruction> returns = new ArrayList<>();
    for (PtxStatement statement : function.body()) {
      if (statement instanceof PtxStatement.BranchTargets targets) {
        lists.put(targets.name(), targets.labels());
      }
    }
    for (PtxStatement statement : function.body()) {
      switch (statement) {
        case PtxStatement.Label label -> labels.put(label.name(), code.size());
        case PtxStatement.BranchTargets targets -> {}
        case PtxInstruction instruction -> {
          Decoder d = new Decoder(instruction, frame);
          switch (instruction.name()) {
            case "bra" -> {
              d.take("uni");
              jumps.put(branch(d), label(d, 0));
            }
            case "brx" -> jumpTable(d, frame, lists, jumps);
            case "ret", "exit" -> {
              d.take("uni");
              if (calls.size() > 1 && instruction.name().equals("ret")) {
                returns.add(branch(d));
              } else {
                add(d, Instruction.exit(instruction, guard(d), instruction.negated()));
              }
            }
            case "call" -> call(d, frame);
            default -> plain(d);
          }
          d.finish();
        }
      }
    }
    jumps.forEach(
        (jump, label) -> {
          if (!labels.containsKey(label)) {
            throw new IllegalArgumentException(function.name() + " has no label " + label);
          }
          jump.jumpTo(labels.get(label));
        });
    returns.forEach(jump -> jump.jumpTo(code.size()));
    calls.pop();
  }

  private Instruction branch(Decoder d) {
    return add(d, Instruction.branch(d.text(), guard(d), d.text().negated()));
  }

  private Instruction add(Decoder d, Instruction instruction) {
    code.add(instruction);
    return instruction;
  }

  private static int guard(Decoder d) {
    return d.text().guard() == null ? 0 : d.predicate(d.text().guard()).index();
  }

  private static String label(Decoder d, int operand) {
    if (d.operand(operand) instanceof Operand.Symbol symbol) {
      return symbol.name();
    }
    throw d.error("expected a label");
  }

  private void plain(Decoder d) {
    PtxInstruction text = d.text();
    int guard = guard(d);
    boolean negated = text.negated();
    boolean warpBarrier = d.name().equals("bar") && text.modifiers().contains("warp");
    switch (d.name()) {
      case "shfl", "vote", "match", "redux", "elect" ->
          together(Exchanges.decode(d), text, guard, negated);
      case "mma" -> together(Matrices.multiply(d), text, guard, negated);
      case "ldmatrix", "stmatrix" -> together(Matrices.transfer(d), text, guard, negated);
      case "bar", "barrier" -> {
        if (warpBarrier) {
          together(Exchanges.decode(d), text, guard, negated);
        } else {
          code.add(Instruction.barrier(text, guard, negated, barrier(d)));
        }
      }
      default -> {
        WarpOperation body = Families.decode(d);
        code.add(Instruction.step(text, guard, negated, body));
      }
    }
  }

  private void together(
      Exchanges.Exchange exchange, PtxInstruction text, int guard, boolean negated) {
    code.add(Instruction.together(text, guard, negated, exchange.body(), exchange.members()));
  }

  /** {@code bar.sync a{, b}}, {@code bar.arrive a, b}, {@code bar.red.op d, a{, b}, p}. */
  private static Barrier barrier(Decoder d) {
    d.take("cta");
    d.take("aligned");
    String kind = d.takeOne("sync", "arrive", "red");
    if (!kind.equals("red")) {
      int threads = d.count() > 1 ? d.int32(1) : -1;
      return Barrier.plain(d.int32(0), threads, kind.equals("arrive"));
    }
    Barrier.Reduction reduction =
        Barrier.Reduction.valueOf(
            d.takeOne("popc", "and", "or").toUpperCase(java.util.Locale.ROOT));
    d.type();
    int threads = d.count() > 3 ? d.int32(2) : -1;
    Predicate predicate = d.predicate(d.count() - 1);
    int result =
        reduction == Barrier.Reduction.POPC
            ? d.target(0, io.sedd.cuda.ptx.syntax.PtxType.B32).base()
            : d.targetPredicate(d.operand(0));
    return new Barrier(
        d.int32(1), threads, false, reduction, predicate.index(), predicate.flip(), result);
  }

  /** {@code brx.idx}: a comparison and a branch for each place of the list. */
  private void jumpTable(
      Decoder d, Frame frame, Map<String, List<String>> lists, Map<Instruction, String> jumps) {
    d.take("idx");
    d.take("uni");
    if (d.text().guard() != null) {
      throw d.error("the emulator knows brx.idx without a predicate only");
    }
    int index = d.int32(0);
    List<String> labels = lists.get(label(d, 1));
    for (int i = 0; i < labels.size(); i++) {
      int chosen = frame.all().newPredicate();
      int number = i;
      WarpOperation compare =
          (warp, lanes) -> {
            int here = 0;
            for (int m = lanes; m != 0; m &= m - 1) {
              int lane = Integer.numberOfTrailingZeros(m);
              here |= warp.ints[index + lane] == number ? 1 << lane : 0;
            }
            warp.predicates[chosen] = (warp.predicates[chosen] & ~lanes) | here;
          };
      code.add(Instruction.step(d.text(), 0, false, compare));
      Instruction jump = Instruction.branch(d.text(), chosen, false);
      code.add(jump);
      jumps.put(jump, labels.get(i));
    }
  }

  private void call(Decoder d, Frame frame) {
    d.take("uni");
    if (d.text().guard() != null) {
      throw d.error("the emulator knows calls without a predicate only");
    }
    int at = d.operand(0) instanceof Operand.Group ? 1 : 0;
    PtxFunction callee = module.functions().get(label(d, at));
    if (callee == null) {
      throw d.error("calls a function that has no body here");
    }
    Frame inner = new Frame(registers);
    storage.declare(callee, inner);
    bind(d, at == 1 ? d.operand(0) : null, callee.results(), frame, inner);
    bind(d, d.count() > at + 1 ? d.operand(at + 1) : null, callee.parameters(), frame, inner);
    function(callee, inner);
  }

  /** Parameters of a device function are the caller's variables under other names. */
  private static void bind(
      Decoder d, Operand given, List<PtxVariable> wanted, Frame outer, Frame inner) {
    List<Operand> arguments = given instanceof Operand.Group group ? group.elements() : List.of();
    if (arguments.size() != wanted.size()) {
      throw d.error("%d arguments for %d".formatted(arguments.size(), wanted.size()));
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!(arguments.get(i) instanceof Operand.Symbol symbol)) {
        throw d.error("the emulator knows arguments in .param variables only");
      }
      inner.place(wanted.get(i).name(), outer.find(symbol.name()));
    }
  }
}
