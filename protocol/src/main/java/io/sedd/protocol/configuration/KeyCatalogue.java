package io.sedd.protocol.configuration;

import io.sedd.protocol.spelling.NearestName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Every key that a tree of records has, by its dotted name and by its environment variable. */
final class KeyCatalogue {

  static final String PREFIX = "SEDD_";

  private final Map<String, Shape> keys = new LinkedHashMap<>();
  private final Map<String, String> keysByVariable = new LinkedHashMap<>();

  KeyCatalogue(Shape.Section root) {
    collect("", root);
    keys.forEach(
        (key, _) -> {
          String other = keysByVariable.put(squeezed(key), key);
          if (other != null) {
            throw new IllegalArgumentException(
                other + " and " + key + " would share the environment variable " + variable(key));
          }
        });
  }

  private void collect(String path, Shape shape) {
    if (shape.present() instanceof Shape.Section section) {
      section.components().forEach((name, component) -> collect(child(path, name), component));
    } else {
      keys.put(path, shape);
    }
  }

  static String child(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Every key, in the order of the records. */
  List<String> names() {
    return List.copyOf(keys.keySet());
  }

  /** What may stand at the key; sections have no entry. */
  Optional<Shape> shape(String key) {
    return Optional.ofNullable(keys.get(key));
  }

  /** The key that a variable's name without its prefix means; maps are left out. */
  Optional<String> keyOfVariable(String name) {
    return Optional.ofNullable(keysByVariable.get(squeezed(name)))
        .filter(key -> !(keys.get(key).present() instanceof Shape.Texts));
  }

  /** The map that a variable's name without its prefix means. */
  Optional<String> mapOfVariable(String name) {
    return Optional.ofNullable(keysByVariable.get(squeezed(name)))
        .filter(key -> keys.get(key).present() instanceof Shape.Texts);
  }

  /** The known key that a wrong one was most likely meant to be. */
  Optional<String> nearest(String wrong, Collection<String> siblings) {
    String name = lastName(wrong);
    Optional<String> elsewhere =
        keys.keySet().stream().filter(key -> lastName(key).equalsIgnoreCase(name)).findFirst();
    if (elsewhere.isPresent()) {
      return elsewhere;
    }
    List<String> known = new ArrayList<>(siblings);
    known.addAll(keys.keySet());
    return NearestName.of(wrong, known);
  }

  /** The variable that is nearest to a wrong one. */
  Optional<String> nearestVariable(String wrong) {
    return NearestName.of(
        wrong, keys.keySet().stream().map(this::variable).collect(Collectors.toList()));
  }

  /** How a key is best written as a variable: {@code worker.maxTokens}, SEDD_WORKER_MAX_TOKENS. */
  String variable(String key) {
    String words = key.replaceAll("([a-z0-9])([A-Z])", "$1_$2").replace('.', '_');
    return PREFIX
        + words.toUpperCase(Locale.ROOT)
        + (keys.get(key).present() instanceof Shape.Texts ? "_..." : "");
  }

  private static String squeezed(String name) {
    return name.replace(".", "").replace("_", "").toLowerCase(Locale.ROOT);
  }

  private static String lastName(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }
}
