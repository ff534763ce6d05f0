package io.sedd.diffusion.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * A JSON file's fields by their paths, such as {@code $.model.vocab}, and what can be asked of
 * them. Each refusal names the file and the path.
 *
 * @param file where the document is from
 * @param root the document
 */
record JsonFields(Path file, JsonNode root) {

  /** A token's id: a whole number from 0. */
  int readId(String path, JsonNode node) throws TokenizerFormatException {
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
      throw wrong(path, "an id is a whole number from 0, this is " + shown(node));
    }
    return node.intValue();
  }

  /** Refuses an object with a key that is not among the known ones. */
  void requireKnownKeys(String path, Set<String> known) throws TokenizerFormatException {
    JsonNode node = at(path);
    if (!node.isObject()) {
      throw wrong(path, "must be an object, is " + shown(node));
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!known.contains(entry.getKey())) {
        throw wrong(path + "." + entry.getKey(), "is unknown and might change the tokens");
      }
    }
  }

  /** Refuses a feature unless it is absent, null, false or empty. */
  void requireOff(String path) throws TokenizerFormatException {
    JsonNode node = at(path);
    boolean off =
        isNull(node)
            || (node.isBoolean() && !node.booleanValue())
            || (node.isTextual() && node.textValue().isEmpty());
    if (!off) {
      throw wrong(path, "is not supported, must be null; is " + shown(node));
    }
  }

  /** Refuses any text but one. */
  void requireText(String path, String wanted, boolean mayBeAbsent)
      throws TokenizerFormatException {
    JsonNode node = at(path);
    if (node.isMissingNode() && mayBeAbsent) {
      return;
    }
    if (!node.isTextual() || !node.textValue().equals(wanted)) {
      throw wrong(path, "must be \"" + wanted + "\", is " + shown(node));
    }
  }

  /** The node at a path of plain keys; a missing node where there is none. */
  JsonNode at(String path) {
    JsonNode node = root;
    String[] keys = path.split("\\.", -1);
    for (int i = 1; i < keys.length; i++) {
      node = node.path(keys[i]);
    }
    return node;
  }

  /** Whether a value is absent or null. */
  static boolean isNull(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  /** A value as a message shows it. */
  static String shown(JsonNode node) {
    String text = node.isMissingNode() ? "absent" : node.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }

  /** The refusal of a path. */
  TokenizerFormatException wrong(String path, String problem) {
    return new TokenizerFormatException(file, path, problem);
  }
}
