package io.sedd.trainer.training;

import io.sedd.trainer.evaluation.BoundEstimate;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/**
 * The run for a person: on a terminal one bar that is redrawn, elsewhere a plain line now and then.
 * Evaluations and checkpoints get lines of their own in both.
 */
public final class ProgressDisplay implements TrainingObserver {

  private static final int BAR_WIDTH = 24;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter out;
  private final boolean terminal;
  private final Duration between;
  private final RunLimits limits;
  private final InstantSource clock;
  private final Pace pace;

  private Interval interval = new Interval();
  private Instant last;

  /**
   * A display on a stream.
   *
   * @param terminal whether the stream is a terminal
   */
  public ProgressDisplay(PrintWriter out, boolean terminal, RunLimits limits, InstantSource clock) {
    this.out = out;
    this.terminal = terminal;
    this.between = terminal ? Duration.ofMillis(200) : Duration.ofSeconds(10);
    this.limits = limits;
    this.clock = clock;
    this.pace = new Pace(limits, clock);
  }

  @Override
  public void started(int step) {
    pace.start(step);
    last = clock.instant();
    line(step == 0 ? "training starts" : "training resumes after step " + step);
  }

  @Override
  public void stepTaken(StepReport report) {
    pace.add(report);
    interval.add(report);
    Instant now = clock.instant();
    if (Duration.between(last, now).compareTo(between) < 0 && report.step() < limits.steps()) {
      return;
    }
    last = now;
    String text = status(report.step());
    if (terminal) {
      out.print(CLEAR_LINE + bar(pace.done()) + " " + text);
    } else {
      out.println(text);
    }
    out.flush();
    // the terminal's figures run over some seconds, so that they can be read
    if (!terminal || interval.steps() >= 50) {
      interval = new Interval();
    }
  }

  private String status(int step) {
    return String.format(
        Locale.ROOT,
        "step %d/%d  loss %.2f  %.4f nats/token  %,.0f tokens/s  %s left",
        step,
        limits.steps(),
        interval.loss(),
        interval.natsPerToken(),
        pace.tokensPerSecond(),
        Pace.clockText(pace.left()));
  }

  private static String bar(double done) {
    int full = (int) Math.round(done * BAR_WIDTH);
    return "[" + "=".repeat(full) + " ".repeat(BAR_WIDTH - full) + "]";
  }

  @Override
  public void evaluated(int step, BoundEstimate heldOut) {
    line(
        String.format(
            Locale.ROOT,
            "step %d: held-out bound %.4f ± %.4f nats/token on %d sequences",
            step,
            heldOut.bound(),
            heldOut.standardError(),
            heldOut.sequences()));
  }

  @Override
  public void sampled(int step, List<String> texts) {
    for (String text : texts) {
      line("step " + step + ": " + text.replace('\n', ' '));
    }
  }

  @Override
  public void published(int step, String name) {
    line("step " + step + ": checkpoint " + name);
  }

  private void line(String text) {
    out.println(terminal ? CLEAR_LINE + text : text);
    out.flush();
  }

  @Override
  public void close() {
    if (terminal) {
      out.println();
      out.flush();
    }
  }
}
