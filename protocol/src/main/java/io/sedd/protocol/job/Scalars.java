package io.sedd.protocol.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.sedd.protocol.job.JobError.Code;
import io.sedd.protocol.spelling.NearestName;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Single JSON values, checked; what is wrong is noted in the faults given. */
record Scalars(Faults faults) {

  /** RFC 3339 with seconds and a zone; the same pattern stands in the schema file. */
  private static final Pattern INSTANT =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})");

  /** A text of {@code least} to {@code most} code points; JSON Schema counts the same way. */
  String text(JsonNode value, String path, int least, int most) {
    if (!value.isTextual()) {
      wrongType(path, "a string", value);
      return "";
    }
    String text = value.textValue();
    int characters = text.codePointCount(0, text.length());
    if (characters < least || characters > most) {
      String range =
          most == Integer.MAX_VALUE ? "at least " + least : "from " + least + " to " + most;
      faults.note(
          Code.OUT_OF_RANGE, path, "must have " + range + " characters, but has " + characters);
    } else if (Printable.hasLoneSurrogate(text)) {
      faults.note(
          Code.OUT_OF_RANGE, path, "has half of a surrogate pair, which is no Unicode text");
    }
    return text;
  }

  /**
   * An integer in a range. As in JSON Schema a number is an integer by its value: 64.0 is one, 64.5
   * is none.
   */
  long integer(JsonNode value, String path, long least, long most) {
    if (value.isInt() || value.isLong()) {
      long number = value.longValue();
      if (number < least || number > most) {
        outOfRange(path, "an integer", least, most, value);
      }
      return number;
    }
    if (!value.isNumber() || !isWhole(value.decimalValue())) {
      wrongType(path, "an integer from " + least + " to " + most, value);
      return least;
    }
    BigDecimal number = value.decimalValue();
    boolean inside =
        number.compareTo(BigDecimal.valueOf(least)) >= 0
            && number.compareTo(BigDecimal.valueOf(most)) <= 0;
    if (!inside) {
      outOfRange(path, "an integer", least, most, value);
      return least;
    }
    return number.longValueExact();
  }

  /** A number from {@code least} to {@code most}, both included. */
  double number(JsonNode value, String path, double least, double most) {
    if (!value.isNumber()) {
      wrongType(path, "a number", value);
      return most;
    }
    BigDecimal number = value.decimalValue();
    boolean inside =
        number.compareTo(BigDecimal.valueOf(least)) >= 0
            && number.compareTo(BigDecimal.valueOf(most)) <= 0;
    if (!inside) {
      outOfRange(path, "a number", least, most, value);
      return most;
    }
    return number.doubleValue();
  }

  /** A share in (0, 1]. */
  double share(JsonNode value, String path) {
    if (!value.isNumber()) {
      wrongType(path, "a number", value);
      return 1;
    }
    BigDecimal number = value.decimalValue();
    double share = number.doubleValue();
    // compared as written and as rounded: 1e-999 is above 0 but no double, 1 + 1e-99 is above 1
    if (share <= 0 || number.compareTo(BigDecimal.ONE) > 0) {
      faults.note(
          Code.OUT_OF_RANGE,
          path,
          "must be a number above 0 and at most 1, but is " + JsonForm.of(value));
    }
    return share;
  }

  /** One of a closed set of names. */
  <E extends Enum<E>> Optional<E> choice(
      JsonNode value, String path, E[] choices, Function<E, String> wireName) {
    List<String> names = Arrays.stream(choices).map(wireName).toList();
    if (!value.isTextual()) {
      wrongType(path, "one of " + String.join(", ", names), value);
      return Optional.empty();
    }
    int index = names.indexOf(value.textValue());
    if (index >= 0) {
      return Optional.of(choices[index]);
    }
    faults.note(
        Code.OUT_OF_RANGE,
        path,
        "must be one of "
            + String.join(", ", names)
            + ", but is "
            + JsonForm.of(value)
            + NearestName.of(value.textValue(), names).map(n -> "; nearest is " + n).orElse(""));
    return Optional.empty();
  }

  /** A moment in time. */
  Optional<Instant> instant(JsonNode value, String path) {
    if (value.isTextual() && INSTANT.matcher(value.textValue()).matches()) {
      try {
        return Optional.of(OffsetDateTime.parse(value.textValue()).toInstant());
      } catch (DateTimeException _) {
        // the form is right, the date is not: told below like any other bad form
      }
    }
    wrongType(path, "an ISO-8601 instant such as 2026-11-24T12:00:00Z", value);
    return Optional.empty();
  }

  /** A length of time. */
  Optional<Duration> duration(JsonNode value, String path) {
    Optional<Duration> duration =
        value.isTextual() ? DurationForm.read(value.textValue()) : Optional.empty();
    if (duration.isEmpty()) {
      wrongType(path, "an ISO-8601 duration above 0 such as PT90S or P1DT12H", value);
    }
    return duration;
  }

  private void wrongType(String path, String expected, JsonNode value) {
    String hint = value.isNull() ? "; leave the field out to say nothing" : "";
    faults.note(
        Code.WRONG_TYPE, path, expected + " is expected, but it is " + JsonForm.of(value) + hint);
  }

  private void outOfRange(String path, String kind, Number least, Number most, JsonNode value) {
    faults.note(
        Code.OUT_OF_RANGE,
        path,
        "must be " + kind + " from " + least + " to " + most + ", but is " + JsonForm.of(value));
  }

  private static boolean isWhole(BigDecimal number) {
    return number.scale() <= 0 || number.stripTrailingZeros().scale() <= 0;
  }
}
