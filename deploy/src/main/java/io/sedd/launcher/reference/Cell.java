package io.sedd.launcher.reference;

/** Text in a cell of a Markdown table. */
final class Cell {

  private Cell() {}

  static String of(String text) {
    return text.replace("|", "\\|").replace("\n", " ").strip();
  }

  static String code(String text) {
    return text.isEmpty() ? "" : "`" + of(text) + "`";
  }
}
