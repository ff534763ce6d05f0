package io.sedd.protocol.configuration;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The shapes that record classes describe. */
final class Shapes {

  private static final Map<Class<?>, Class<?>> BOXES =
      Map.of(
          int.class, Integer.class,
          long.class, Long.class,
          double.class, Double.class,
          boolean.class, Boolean.class);
  private static final Set<Class<?>> SCALARS =
      Set.of(
          String.class,
          Integer.class,
          Long.class,
          Double.class,
          Boolean.class,
          Path.class,
          Duration.class);

  private Shapes() {}

  /**
   * The shape of a record.
   *
   * @throws IllegalArgumentException if a component has a type that cannot be configured
   */
  static Shape.Section section(Class<? extends Record> type) {
    Map<String, Shape> components = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String where = type.getSimpleName() + "." + component.getName();
      components.put(component.getName(), of(component.getGenericType(), where));
    }
    return new Shape.Section(type, Collections.unmodifiableMap(components));
  }

  private static Shape of(Type type, String where) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == Optional.class) {
        return new Shape.Maybe(of(arguments[0], where));
      }
      if (generic.getRawType() == List.class) {
        return new Shape.Items(of(arguments[0], where));
      }
      boolean texts =
          arguments[0] == String.class && arguments[arguments.length - 1] == String.class;
      if (generic.getRawType() == Map.class && texts) {
        return new Shape.Texts();
      }
    }
    if (type instanceof Class<?> plain) {
      Class<?> boxed = BOXES.getOrDefault(plain, plain);
      if (SCALARS.contains(boxed) || plain.isEnum()) {
        return new Shape.Scalar(boxed);
      }
      if (plain.isRecord()) {
        return section(plain.asSubclass(Record.class));
      }
    }
    throw new IllegalArgumentException(where + " cannot be configured: its type is " + type);
  }
}
