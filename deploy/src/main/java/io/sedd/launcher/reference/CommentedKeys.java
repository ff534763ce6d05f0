package io.sedd.launcher.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a YAML file of nested keys says of each: its value and the comment above it. Keys may be
 * commented out, as in {@code deploy/worker.yaml}: {@code # key: value}. An empty line ends a
 * comment.
 */
final class CommentedKeys {

  /** A line without its first mark of a comment; the mark and one space behind it do not count. */
  private static final Pattern LINE = Pattern.compile("( *)(#? ?)( *)(.*)");

  private static final Pattern KEY = Pattern.compile("([A-Za-z0-9]+):(?: (.*))?");

  private record Level(int indent, String path) {}

  private final Set<String> known;
  private final Map<String, String> comments = new HashMap<>();
  private final Map<String, String> values = new HashMap<>();
  private final List<Level> levels = new ArrayList<>();
  private final List<String> pending = new ArrayList<>();

  /**
   * Reads a file.
   *
   * @param known every key and section that there may be; a line that looks like another one is
   *     part of a comment
   */
  CommentedKeys(String yaml, Set<String> known) {
    this.known = known;
    yaml.lines().forEach(this::take);
  }

  private void take(String line) {
    Matcher matcher = LINE.matcher(line);
    if (line.isBlank() || !matcher.matches()) {
      pending.clear();
      return;
    }
    boolean comment = matcher.group(2).startsWith("#");
    int indent = matcher.group(1).length() + matcher.group(3).length();
    String text = matcher.group(4).strip();
    if (!key(indent, text) && comment) {
      pending.add(text);
    }
  }

  /** Whether the text is a known key at its place; then it has the comment above it. */
  private boolean key(int indent, String text) {
    Matcher matcher = KEY.matcher(text);
    if (!matcher.matches()) {
      return false;
    }
    int depth = levels.size();
    while (depth > 0 && levels.get(depth - 1).indent() >= indent) {
      depth--;
    }
    String name = matcher.group(1);
    String path = depth == 0 ? name : levels.get(depth - 1).path() + "." + name;
    if (!known.contains(path)) {
      return false;
    }
    levels.subList(depth, levels.size()).clear();
    levels.add(new Level(indent, path));
    comments.put(path, String.join(" ", pending));
    pending.clear();
    if (matcher.group(2) != null) {
      values.put(path, matcher.group(2).strip());
    }
    return true;
  }

  /** The comment above a key or section; empty where there is none. */
  String comment(String path) {
    return comments.getOrDefault(path, "");
  }

  /** The value of a key as it stands there; empty where there is none. */
  String value(String path) {
    return values.getOrDefault(path, "");
  }
}
