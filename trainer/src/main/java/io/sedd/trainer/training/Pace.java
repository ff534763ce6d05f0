package io.sedd.trainer.training;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** How fast the run goes and how long it will take. */
final class Pace {

  private final RunLimits limits;
  private final InstantSource clock;
  private Instant begin;
  private int firstStep;
  private int step;
  private long tokens;

  Pace(RunLimits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
  }

  void start(int step) {
    begin = clock.instant();
    firstStep = step;
    this.step = step;
  }

  void add(StepReport report) {
    step = report.step();
    tokens += report.tokens();
  }

  private double seconds() {
    return Math.max(1e-9, Duration.between(begin, clock.instant()).toNanos() / 1e9);
  }

  /** Since the start of this run, evaluations and checkpoints included. */
  double tokensPerSecond() {
    return tokens / seconds();
  }

  /** Share of the run that is done, by steps or by time, whichever ends it sooner. */
  double done() {
    double bySteps = step / (double) limits.steps();
    double byTime =
        limits.duration().isZero() ? 0 : seconds() / (limits.duration().toNanos() / 1e9);
    return Math.min(1, Math.max(bySteps, byTime));
  }

  /** Time left at the present pace, or until the wall-clock limit, whichever is less. */
  Duration left() {
    double perStep = seconds() / Math.max(1, step - firstStep);
    double bySteps = perStep * (limits.steps() - step);
    double left =
        limits.duration().isZero()
            ? bySteps
            : Math.min(bySteps, limits.duration().toNanos() / 1e9 - seconds());
    return Duration.ofSeconds(Math.round(Math.max(0, left)));
  }

  /** Such as {@code 1:02:03} or {@code 4:05}. */
  static String clockText(Duration duration) {
    return duration.toHours() > 0
        ? "%d:%02d:%02d"
            .formatted(duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart())
        : "%d:%02d".formatted(duration.toMinutes(), duration.toSecondsPart());
  }
}
