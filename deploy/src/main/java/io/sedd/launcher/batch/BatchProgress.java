package io.sedd.launcher.batch;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * How far the batch is, for a person: on a terminal a bar that is redrawn, elsewhere a line now and
 * then. Guarded by the lock of {@link Endings}.
 */
final class BatchProgress {

  private static final int BAR_WIDTH = 24;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter out;
  private final boolean terminal;
  private final OptionalLong total;
  private final Duration between;
  private final InstantSource clock;
  private final Instant start;
  private final long before;
  private long completed;
  private long failed;
  private Instant last;

  /**
   * A display.
   *
   * @param total lines of the input, where that can be known
   * @param before results that an earlier run has left
   */
  BatchProgress(
      PrintWriter out, boolean terminal, OptionalLong total, long before, InstantSource clock) {
    this.out = out;
    this.terminal = terminal;
    this.total = total;
    this.before = before;
    this.between = terminal ? Duration.ofMillis(200) : Duration.ofSeconds(10);
    this.clock = clock;
    this.start = clock.instant();
    this.last = start;
  }

  void completed() {
    completed++;
    show();
  }

  void failed() {
    failed++;
    show();
  }

  long failures() {
    return failed;
  }

  private void show() {
    Instant now = clock.instant();
    if (Duration.between(last, now).compareTo(between) >= 0) {
      last = now;
      String text = status(now);
      if (terminal) {
        out.print(CLEAR_LINE + bar() + text);
      } else {
        out.println(text);
      }
      out.flush();
    }
  }

  private String status(Instant now) {
    long done = before + completed + failed;
    double seconds = Math.max(1e-3, Duration.between(start, now).toMillis() / 1e3);
    double rate = (completed + failed) / seconds;
    return String.format(Locale.ROOT, "%d", done)
        + (total.isPresent() ? "/" + total.getAsLong() : "")
        + String.format(Locale.ROOT, " jobs  %d failed  %.1f jobs/s", failed, rate)
        + (total.isPresent() && rate > 0
            ? String.format(
                Locale.ROOT, "  %d s left", Math.round((total.getAsLong() - done) / rate))
            : "");
  }

  private String bar() {
    if (total.isEmpty() || total.getAsLong() == 0) {
      return "";
    }
    double share = Math.min(1, (before + completed + failed) / (double) total.getAsLong());
    int full = (int) Math.round(share * BAR_WIDTH);
    return "[" + "=".repeat(full) + " ".repeat(BAR_WIDTH - full) + "] ";
  }

  /** The last line. */
  void end() {
    double seconds = Duration.between(start, clock.instant()).toMillis() / 1e3;
    out.println(
        (terminal ? CLEAR_LINE : "")
            + String.format(
                Locale.ROOT,
                "%d results%s, %d failed, %.1f s",
                before + completed,
                before > 0 ? " (" + before + " of an earlier run)" : "",
                failed,
                seconds));
    out.flush();
  }
}
