package io.sedd.cuda.ptx.syntax;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads declarations of variables and parameters. */
final class Declarations {

  private Declarations() {}

  /** {@code .space .align 4 .b8 name[24] = {…}}, up to its semicolon or comma. */
  static PtxVariable variable(Tokens tokens) {
    String space = tokens.take().substring(1);
    int alignment = 0;
    PtxType type = null;
    while (tokens.peek().startsWith(".")) {
      String word = tokens.take().substring(1);
      switch (word) {
        case "align" -> alignment = (int) tokens.integer();
        case "ptr" -> pointer(tokens);
        case "v2", "v4", "managed", "attribute" ->
            throw tokens.error("a declaration with ." + word + " is not understood");
        default -> type = PtxType.of(word);
      }
    }
    if (type == null) {
      throw tokens.error("a declaration without a type that is known");
    }
    String name = tokens.take();
    long bytes = type.bytes();
    while (tokens.takeIf("[")) {
      bytes *= tokens.peek().equals("]") ? 0 : tokens.integer();
      tokens.expect("]");
    }
    byte[] initial = null;
    if (tokens.takeIf("=")) {
      initial = initial(tokens, type, bytes);
    }
    return new PtxVariable(
        space, alignment == 0 ? Math.max(1, type.bytes()) : alignment, name, bytes, initial);
  }

  static List<PtxVariable> parameters(Tokens tokens) {
    List<PtxVariable> parameters = new ArrayList<>();
    tokens.expect("(");
    while (!tokens.takeIf(")")) {
      parameters.add(variable(tokens));
      tokens.takeIf(",");
    }
    return parameters;
  }

  /** {@code .ptr .global .align 1}: what a parameter points to, which changes nothing here. */
  private static void pointer(Tokens tokens) {
    while (tokens.peek().matches("\\.(global|shared|local|const|align)")) {
      if (tokens.take().equals(".align")) {
        tokens.integer();
      }
    }
  }

  private static byte[] initial(Tokens tokens, PtxType type, long bytes) {
    ByteBuffer content = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (!tokens.takeIf("{")) {
      put(content, type, number(tokens));
      return content.array();
    }
    while (!tokens.takeIf("}")) {
      put(content, type, number(tokens));
      tokens.takeIf(",");
    }
    return content.array();
  }

  private static long number(Tokens tokens) {
    boolean negative = tokens.takeIf("-");
    if (!Numbers.isNumber(tokens.peek())) {
      throw tokens.error("an initial value that is no number is not understood");
    }
    long bits = Numbers.bits(tokens.take());
    return negative ? -bits : bits;
  }

  private static void put(ByteBuffer content, PtxType type, long bits) {
    for (int i = 0; i < type.bytes(); i++) {
      content.put((byte) (bits >>> (8 * i)));
    }
  }
}
