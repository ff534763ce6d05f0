package io.sedd.protocol.configuration;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as operators write them: a whole number and a unit, or ISO-8601; never negative. */
final class DurationText {

  private static final Pattern SHORT = Pattern.compile("([0-9]+) ?(ms|s|m|h|d)");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "s", ChronoUnit.SECONDS,
          "m", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS,
          "d", ChronoUnit.DAYS);

  private DurationText() {}

  static Optional<Duration> read(String text) {
    try {
      Matcher matcher = SHORT.matcher(text);
      Duration duration =
          matcher.matches()
              ? Duration.of(Long.parseLong(matcher.group(1)), UNITS.get(matcher.group(2)))
              : Duration.parse(text);
      return Optional.of(duration).filter(d -> !d.isNegative());
    } catch (DateTimeException | ArithmeticException | NumberFormatException _) {
      return Optional.empty();
    }
  }
}
