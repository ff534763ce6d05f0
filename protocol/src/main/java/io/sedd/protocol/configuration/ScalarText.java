package io.sedd.protocol.configuration;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Texts to values of the types that a key can have. */
final class ScalarText {

  /** No leading zeros, which YAML 1.1 would take for octal. */
  private static final Pattern INTEGER = Pattern.compile("[+-]?(0|[1-9][0-9]*(_[0-9]+)*)");

  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?");

  private ScalarText() {}

  /** The value, or nothing if the text is none of this type. */
  static Optional<Object> read(Class<?> type, String text) {
    if (type == String.class) {
      return Optional.of(text);
    }
    if (type == Integer.class) {
      return integer(text).filter(n -> n == n.intValue()).map(Long::intValue);
    }
    if (type == Long.class) {
      return integer(text).map(n -> n);
    }
    if (type == Double.class) {
      return decimal(text).map(n -> n);
    }
    if (type == Boolean.class) {
      return switch (text) {
        case "true" -> Optional.of(true);
        case "false" -> Optional.of(false);
        default -> Optional.empty();
      };
    }
    if (type == Path.class) {
      return path(text).map(p -> p);
    }
    if (type == Duration.class) {
      return DurationText.read(text).map(d -> d);
    }
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> nameOf((Enum<?>) constant).equals(text))
        .findFirst()
        .map(constant -> constant);
  }

  /** What a text must be to have a value of the type. */
  static String expected(Class<?> type) {
    if (type == String.class) {
      return "a text";
    }
    if (type == Integer.class) {
      return "an integer from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
    }
    if (type == Long.class) {
      return "an integer of 64 bits";
    }
    if (type == Double.class) {
      return "a number";
    }
    if (type == Boolean.class) {
      return "true or false";
    }
    if (type == Path.class) {
      return "a path";
    }
    if (type == Duration.class) {
      return "a duration such as 250ms, 30s, 5m, 2h, 1d or PT1M30S";
    }
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> nameOf((Enum<?>) constant))
        .collect(Collectors.joining(", ", "one of ", ""));
  }

  /** An enum's constant in a file: lower case, dashes for underscores. */
  static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Optional<Long> integer(String text) {
    if (!INTEGER.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.parseLong(text.replace("_", "")));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static Optional<Double> decimal(String text) {
    return DECIMAL.matcher(text).matches()
        ? Optional.of(Double.parseDouble(text)).filter(Double::isFinite)
        : Optional.empty();
  }

  private static Optional<Path> path(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }
}
