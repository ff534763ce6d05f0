package io.sedd.cuda.mutation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Errors as people make them in kernels, one at each instruction where it can be made. */
final class Mutations {

  /** What an operation becomes; the first that an instruction begins with counts. */
  private static final Map<Pattern, String> OPERATIONS = new LinkedHashMap<>();

  static {
    operation("setp\\.lt", "setp.le");
    operation("setp\\.le", "setp.lt");
    operation("setp\\.gt", "setp.ge");
    operation("setp\\.ge", "setp.gt");
    operation("setp\\.eq", "setp.ne");
    operation("setp\\.ne", "setp.eq");
    operation("add\\.(?=[fsu])", "sub.");
    operation("sub\\.(?=[fsu])", "add.");
    operation("mul\\.(?=f)", "add.");
    operation("max\\.", "min.");
    operation("min\\.", "max.");
    operation("and\\.b", "or.b");
    operation("or\\.b", "and.b");
    operation("or\\.pred", "and.pred");
    operation("and\\.pred", "or.pred");
    operation("xor\\.b", "or.b");
    operation("shl\\.", "shr.");
    operation("div\\.rn", "mul.rn");
    operation("neg\\.", "abs.");
    operation("atom(.*)\\.add", "atom$1.max");
  }

  private static final Pattern GUARD = Pattern.compile("^@(!?)(%p\\d+)");
  private static final Pattern ADDRESS = Pattern.compile("\\[(%rd?\\d+)(?:\\+(\\d+))?]");
  private static final Pattern CONSTANT = Pattern.compile(", (-?\\d+);$");
  private static final Pattern FLOAT = Pattern.compile("0f([0-9A-F]{8})");
  private static final Pattern SOURCES =
      Pattern.compile("^((?:sub|div|fma|mad|selp)\\S*\\s+\\S+, )(%\\w+), (%\\w+)");

  private Mutations() {}

  private static void operation(String pattern, String replacement) {
    OPERATIONS.put(Pattern.compile("^" + pattern), replacement);
  }

  /** All mutants of a text. */
  static List<Mutant> of(String ptx) {
    List<String> lines = ptx.lines().toList();
    List<Mutant> mutants = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String instruction = line.strip();
      if (line.startsWith("\t") && !instruction.startsWith(".")) {
        for (String changed : changes(instruction)) {
          List<String> text = new ArrayList<>(lines);
          text.set(i, "\t" + changed);
          String what = instruction + "  ->  " + (changed.isEmpty() ? "nothing" : changed);
          mutants.add(new Mutant(i + 1, what, String.join("\n", text) + "\n"));
        }
      }
    }
    return mutants;
  }

  private static List<String> changes(String instruction) {
    List<String> changes = new ArrayList<>();
    if (instruction.startsWith("bar.") || instruction.startsWith("cp.async.wait")) {
      changes.add("");
    }
    for (Map.Entry<Pattern, String> operation : OPERATIONS.entrySet()) {
      Matcher found = operation.getKey().matcher(instruction);
      if (found.find()) {
        changes.add(found.replaceFirst(operation.getValue()));
        break;
      }
    }
    Matcher guard = GUARD.matcher(instruction);
    if (guard.find()) {
      changes.add(guard.replaceFirst("@" + (guard.group(1).isEmpty() ? "!" : "") + "$2"));
    }
    Matcher address = ADDRESS.matcher(instruction);
    if (address.find()) {
      int offset = address.group(2) == null ? 0 : Integer.parseInt(address.group(2));
      changes.add(address.replaceFirst("[$1+" + (offset + step(instruction)) + "]"));
    }
    Matcher constant = CONSTANT.matcher(instruction);
    if (constant.find() && !instruction.startsWith("setp")) {
      changes.add(constant.replaceFirst(", " + (Long.parseLong(constant.group(1)) + 1) + ";"));
    }
    Matcher number = FLOAT.matcher(instruction);
    if (number.find()) {
      changes.add(number.replaceFirst("0f" + doubled(number.group(1))));
    }
    Matcher sources = SOURCES.matcher(instruction);
    if (sources.find() && !sources.group(2).equals(sources.group(3)) && asymmetric(instruction)) {
      changes.add(sources.replaceFirst("$1$3, $2"));
    }
    return changes;
  }

  /** Bytes to the next element, so that the access stays aligned. */
  private static int step(String instruction) {
    Matcher width = Pattern.compile("\\.[bfsu](16|32|64)\\b").matcher(instruction);
    int bytes = 0;
    while (width.find()) {
      bytes = Integer.parseInt(width.group(1)) / 8;
    }
    int vector = instruction.contains(".v4") ? 4 : instruction.contains(".v2") ? 2 : 1;
    return bytes == 0 ? 16 : bytes * vector;
  }

  /** Twice the number, 1 where it is 0 and 0 where it is not finite. */
  private static String doubled(String bits) {
    float value = Float.intBitsToFloat(Integer.parseUnsignedInt(bits, 16));
    float other = value == 0 ? 1 : Float.isFinite(value) ? 2 * value : 0;
    return "%08X".formatted(Float.floatToRawIntBits(other));
  }

  /** Where the order of the first two sources counts. */
  private static boolean asymmetric(String instruction) {
    return !instruction.startsWith("fma") && !instruction.startsWith("mad");
  }
}
