package io.sedd.protocol.configuration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Single keys given on one line each: by environment variables and by {@code --set}. */
final class Overrides {

  /** The variables that Kubernetes makes for a Service whose name begins with "sedd". */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT|PORT_[0-9]+_(TCP|UDP|SCTP)(_.*)?)");

  private final KeyCatalogue keys;
  private final Shape.Section root;
  private final List<String> problems;

  Overrides(KeyCatalogue keys, Shape.Section root, List<String> problems) {
    this.keys = keys;
    this.root = root;
    this.problems = problems;
  }

  Given.Entries ofEnvironment(Map<String, String> environment, Set<String> reserved) {
    Given.Entries given = new Given.Entries(new LinkedHashMap<>(), "environment");
    Map<List<String>, String> variables = new HashMap<>();
    // sorted, so that messages come in the same order every time
    for (var variable : new TreeMap<>(environment).entrySet()) {
      String name = variable.getKey();
      if (!name.startsWith(KeyCatalogue.PREFIX) || reserved.contains(name)) {
        continue;
      }
      Optional<List<String>> path = pathOfVariable(name.substring(KeyCatalogue.PREFIX.length()));
      if (path.isEmpty()) {
        problems.add(unknownVariable(name));
        continue;
      }
      String other = variables.put(path.get(), name);
      if (other != null) {
        problems.add(
            "the environment variables %s and %s both set %s; keep one of them"
                .formatted(other, name, String.join(".", path.get())));
      }
      put(given, path.get(), variable.getValue(), "environment variable " + name);
    }
    return given;
  }

  Given.Entries ofSettings(List<String> settings) {
    Given.Entries given = new Given.Entries(new LinkedHashMap<>(), "--set");
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      if (equals < 1) {
        problems.add("--set " + setting + " has no key and value; write --set key=value");
        continue;
      }
      String key = setting.substring(0, equals).strip();
      Optional<List<String>> path = pathOfKey(key);
      if (path.isEmpty()) {
        problems.add(
            "unknown key %s (--set)%s"
                .formatted(
                    key,
                    keys.nearest(key, List.of())
                        .map(n -> "; the nearest known key is " + n)
                        .orElse("")));
        continue;
      }
      put(given, path.get(), setting.substring(equals + 1), "--set " + key);
    }
    return given;
  }

  private Optional<List<String>> pathOfVariable(String name) {
    Optional<String> key = keys.keyOfVariable(name);
    if (key.isPresent()) {
      return Optional.of(List.of(key.get().split("\\.")));
    }
    // the longest map that the name begins with: kafka_consumer_x is of kafkaConsumer, not of kafka
    for (int end = name.lastIndexOf('_'); end > 0; end = name.lastIndexOf('_', end - 1)) {
      Optional<String> map = keys.mapOfVariable(name.substring(0, end));
      if (map.isPresent() && end + 1 < name.length()) {
        List<String> path = new ArrayList<>(List.of(map.get().split("\\.")));
        path.add(entryOfVariable(name.substring(end + 1)));
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  private static String entryOfVariable(String rest) {
    return rest.toLowerCase(Locale.ROOT)
        .replace("___", "\0")
        .replace("__", "-")
        .replace('_', '.')
        .replace('\0', '_');
  }

  /** The names on the way to the key; the rest of a key that leads into a map is one name. */
  private Optional<List<String>> pathOfKey(String key) {
    List<String> path = new ArrayList<>();
    Shape shape = root;
    String rest = key;
    while (shape instanceof Shape.Section section) {
      int dot = rest.indexOf('.');
      String name = dot < 0 ? rest : rest.substring(0, dot);
      if (!section.components().containsKey(name)) {
        return Optional.empty();
      }
      path.add(name);
      shape = section.components().get(name).present();
      if (dot < 0) {
        return Optional.of(path);
      }
      rest = rest.substring(dot + 1);
    }
    if (!(shape instanceof Shape.Texts) || rest.isEmpty()) {
      return Optional.empty();
    }
    path.add(rest);
    return Optional.of(path);
  }

  private void put(Given.Entries root, List<String> path, String text, String origin) {
    Map<String, Given> entries = root.entries();
    for (String name : path.subList(0, path.size() - 1)) {
      Given next =
          entries.computeIfAbsent(name, _ -> new Given.Entries(new LinkedHashMap<>(), origin));
      if (!(next instanceof Given.Entries section)) {
        // a section was set as a whole, which the binder reports
        return;
      }
      entries = section.entries();
    }
    boolean list =
        keys.shape(String.join(".", path))
            .filter(shape -> shape.present() instanceof Shape.Items)
            .isPresent();
    entries.put(path.getLast(), list ? list(text, origin) : new Given.Scalar(text, origin));
  }

  private static Given list(String text, String origin) {
    if (text.strip().startsWith("[")) {
      return YamlText.value(text, origin);
    }
    List<Given> items =
        text.isBlank()
            ? List.of()
            : Arrays.stream(text.split(",", -1))
                .<Given>map(item -> new Given.Scalar(item.strip(), origin))
                .toList();
    return new Given.Items(items, origin);
  }

  private String unknownVariable(String name) {
    String hint =
        SERVICE_LINK.matcher(name).matches()
            ? "; if Kubernetes made it for a Service, set enableServiceLinks: false in the pod"
            : keys.nearestVariable(name).map(n -> "; the nearest known one is " + n).orElse("");
    return "unknown environment variable " + name + hint;
  }
}
