package io.sedd.protocol.configuration;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was given to records. A value that cannot be built is {@code null} and has its problem
 * noted; no record is built from such a one.
 */
final class Binder {

  private final KeyCatalogue keys;
  private final List<String> problems;
  private final List<String> missing = new ArrayList<>();

  Binder(KeyCatalogue keys, List<String> problems) {
    this.keys = keys;
    this.problems = problems;
  }

  Object root(Shape.Section shape, Given.Entries given) {
    Object root = section(shape, given, "");
    if (!missing.isEmpty()) {
      problems.add("missing required keys: " + String.join(", ", missing));
    }
    return root;
  }

  private Object bind(Shape shape, Given given, String key) {
    return switch (shape) {
      case Shape.Maybe(Shape value) -> maybe(value, given, key);
      case Shape.Section section ->
          switch (given) {
            case Given.Entries entries -> section(section, entries, key);
            case Given.Nothing(String origin) ->
                section(section, new Given.Entries(Map.of(), origin), key);
            case Given.Scalar _, Given.Items _ -> wrong(key, "a section of keys", given);
          };
      case Shape.Texts _ ->
          switch (given) {
            case Given.Entries entries -> texts(entries, key);
            case Given.Nothing _ -> Map.of();
            case Given.Scalar _, Given.Items _ -> wrong(key, "a map of names to texts", given);
          };
      case Shape.Items(Shape item) ->
          given instanceof Given.Items items
              ? items(item, items, key)
              : wrong(key, "a list", given);
      case Shape.Scalar scalar ->
          given instanceof Given.Scalar(String text, _)
              ? ScalarText.read(scalar.type(), text)
                  .orElseGet(() -> wrong(key, ScalarText.expected(scalar.type()), given))
              : wrong(key, ScalarText.expected(scalar.type()), given);
    };
  }

  /** What stands at a key that nobody gave: a default of the shape's own, or a missing key. */
  private Object absent(Shape shape, String key) {
    return switch (shape) {
      case Shape.Maybe _ -> Optional.empty();
      case Shape.Texts _ -> Map.of();
      case Shape.Section section -> section(section, new Given.Entries(Map.of(), ""), key);
      case Shape.Items _, Shape.Scalar _ -> {
        missing.add(key);
        yield null;
      }
    };
  }

  private Object maybe(Shape value, Given given, String key) {
    boolean empty =
        switch (given) {
          case Given.Nothing _ -> true;
          case Given.Scalar(String text, _) -> text.isEmpty();
          case Given.Items _, Given.Entries _ -> false;
        };
    return empty ? Optional.empty() : Optional.ofNullable(bind(value, given, key));
  }

  private Object section(Shape.Section shape, Given.Entries given, String key) {
    int faults = problems.size() + missing.size();
    List<String> siblings =
        shape.components().keySet().stream().map(n -> KeyCatalogue.child(key, n)).toList();
    given
        .entries()
        .forEach(
            (name, value) -> {
              if (!shape.components().containsKey(name)) {
                problems.add(unknown(KeyCatalogue.child(key, name), value, siblings));
              }
            });
    List<Object> values = new ArrayList<>();
    shape
        .components()
        .forEach(
            (name, component) -> {
              String at = KeyCatalogue.child(key, name);
              Given value = given.entries().get(name);
              values.add(value == null ? absent(component, at) : bind(component, value, at));
            });
    return problems.size() + missing.size() > faults ? null : build(shape.type(), values, key);
  }

  private Object build(Class<? extends Record> type, List<Object> values, String key) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<? extends Record> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException broken) {
        problems.add((key.isEmpty() ? "" : key + ": ") + broken.getMessage());
        return null;
      }
      throw new IllegalStateException(type.getName() + " cannot be built", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("every record has its canonical constructor", e);
    }
  }

  private List<Object> items(Shape item, Given.Items given, String key) {
    List<Object> items = new ArrayList<>();
    for (Given value : given.items()) {
      Object built = bind(item, value, key + "[" + items.size() + "]");
      items.add(built);
    }
    return Collections.unmodifiableList(items);
  }

  private Map<String, String> texts(Given.Entries given, String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    given
        .entries()
        .forEach(
            (name, value) -> {
              if (value instanceof Given.Scalar(String text, _)) {
                texts.put(name, text);
              } else {
                wrong(KeyCatalogue.child(key, name), "a text", value);
              }
            });
    return Collections.unmodifiableMap(texts);
  }

  private String unknown(String key, Given given, List<String> siblings) {
    return "unknown key %s (%s)%s"
        .formatted(
            key,
            given.origin(),
            keys.nearest(key, siblings).map(n -> "; the nearest known key is " + n).orElse(""));
  }

  private Object wrong(String key, String expected, Given given) {
    String found =
        switch (given) {
          case Given.Scalar(String text, _) -> Secrets.isSecret(key) ? Secrets.MASK : quoted(text);
          case Given.Nothing _ -> "empty";
          case Given.Items _ -> "a list";
          case Given.Entries _ -> "a section";
        };
    problems.add("%s must be %s, but is %s (%s)".formatted(key, expected, found, given.origin()));
    return null;
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
