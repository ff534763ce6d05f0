package io.sedd.cuda.ptx.syntax;

import java.util.ArrayList;
import java.util.List;

/**
 * PTX cut into words, numbers, strings and signs. A word has its dots and double colons in it:
 * {@code ld.global.L2::128B}, {@code %tid.x}, {@code .reg}.
 */
final class Tokens {

  private record Token(String text, int line, int from, int to) {}

  private final String ptx;
  private final List<Token> tokens = new ArrayList<>();
  private int next;

  Tokens(String ptx) {
    this.ptx = ptx;
    cut();
  }

  void restart() {
    next = 0;
  }

  boolean end() {
    return next == tokens.size();
  }

  String peek() {
    return end() ? "" : tokens.get(next).text;
  }

  /** The token after the next one. */
  String peekSecond() {
    return next + 1 < tokens.size() ? tokens.get(next + 1).text : "";
  }

  String take() {
    if (end()) {
      throw error("the text ends too early");
    }
    return tokens.get(next++).text;
  }

  boolean takeIf(String text) {
    if (peek().equals(text)) {
      next++;
      return true;
    }
    return false;
  }

  void expect(String text) {
    if (!takeIf(text)) {
      throw error("expected '" + text + "' but found '" + peek() + "'");
    }
  }

  int line() {
    return tokens.get(Math.min(next, tokens.size() - 1)).line;
  }

  int position() {
    return next;
  }

  /** The text from the token at {@code position} up to the one taken last. */
  String since(int position) {
    return ptx.substring(tokens.get(position).from, tokens.get(next - 1).to)
        .replaceAll("\\s+", " ");
  }

  /** Goes to the end of the line that the next token is on. */
  List<String> restOfLine() {
    List<String> rest = new ArrayList<>();
    int line = line();
    while (!end() && line() == line) {
      rest.add(take());
    }
    return rest;
  }

  long integer() {
    boolean negative = takeIf("-");
    String text = take();
    try {
      long value = Numbers.integer(text);
      return negative ? -value : value;
    } catch (NumberFormatException e) {
      next--;
      throw error("'" + text + "' is no number");
    }
  }

  PtxSyntaxException error(String reason) {
    int line = tokens.isEmpty() ? 1 : line();
    return new PtxSyntaxException(line, ptx.lines().skip(line - 1L).findFirst().orElse(""), reason);
  }

  private void cut() {
    int line = 1;
    int at = 0;
    while (at < ptx.length()) {
      char c = ptx.charAt(at);
      int from = at;
      if (c == '\n') {
        line++;
        at++;
      } else if (Character.isWhitespace(c)) {
        at++;
      } else if (ptx.startsWith("//", at)) {
        at = endOf("\n", at) - 1;
      } else if (ptx.startsWith("/*", at)) {
        at = endOf("*/", at);
        line += (int) ptx.substring(from, at).chars().filter(x -> x == '\n').count();
      } else if (c == '"') {
        at = endOf("\"", at + 1);
        tokens.add(new Token(ptx.substring(from, at), line, from, at));
      } else if (word(c) || c == '.') {
        while (at < ptx.length() && (word(ptx.charAt(at)) || ptx.charAt(at) == '.' || colons(at))) {
          at += colons(at) ? 2 : 1;
        }
        tokens.add(new Token(ptx.substring(from, at), line, from, at));
      } else {
        at++;
        tokens.add(new Token(String.valueOf(c), line, from, at));
      }
    }
  }

  private int endOf(String sign, int from) {
    int found = ptx.indexOf(sign, from);
    return found < 0 ? ptx.length() + (sign.equals("\n") ? 1 : 0) : found + sign.length();
  }

  private boolean colons(int at) {
    return ptx.startsWith("::", at);
  }

  private static boolean word(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '%';
  }
}
