package io.sedd.protocol.job;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Lengths of time in messages: ISO 8601 with days, hours, minutes and seconds, such as {@code
 * PT90S} or {@code P1DT12H}; longer than nothing, no signs, at most 8 digits before a unit.
 */
final class DurationForm {

  /** The same pattern stands in the schema file. */
  private static final Pattern FORM =
      Pattern.compile(
          "P(?=.*[1-9])(?!.*T$)([0-9]{1,8}D)?"
              + "(T([0-9]{1,8}H)?([0-9]{1,8}M)?([0-9]{1,8}(\\.[0-9]{1,9})?S)?)?");

  private DurationForm() {}

  /** The length of time, if the text has the form. */
  static Optional<Duration> read(String text) {
    try {
      return FORM.matcher(text).matches() ? Optional.of(Duration.parse(text)) : Optional.empty();
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /**
   * The same in the form; hours beyond a day are written as days, lest they take too many digits.
   */
  static String write(Duration duration) {
    if (duration.toDays() == 0) {
      return duration.toString();
    }
    Duration rest = duration.minusDays(duration.toDays());
    return "P" + duration.toDays() + "D" + (rest.isZero() ? "" : rest.toString().substring(1));
  }
}
