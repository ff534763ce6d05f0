package io.sedd.launcher;

import java.util.ArrayList;
import java.util.List;

/** So much of a shell's grammar as command lines in the documentation use. */
final class Shell {

  private Shell() {}

  /**
   * The words of the first command: up to a comment, a pipe, a redirection, {@code &} or its end.
   */
  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean begun = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\'' || c == '"') {
        int end = line.indexOf(c, i + 1);
        word.append(line, i + 1, end);
        i = end;
        begun = true;
      } else if (c == '\\' && i + 1 < line.length() && line.charAt(i + 1) == '\n') {
        i++;
      } else if (Character.isWhitespace(c)) {
        if (begun) {
          words.add(word.toString());
          word.setLength(0);
          begun = false;
        }
      } else if ("|<>&;".indexOf(c) >= 0 || c == '#' && !begun) {
        break;
      } else {
        word.append(c);
        begun = true;
      }
    }
    if (begun) {
      words.add(word.toString());
    }
    return words;
  }
}
