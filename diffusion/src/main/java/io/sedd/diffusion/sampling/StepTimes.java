package io.sedd.diffusion.sampling;

/**
 * Where the time of a step went, nanoseconds of the host's clock; together the whole step. A device
 * that computes behind the host's back counts to the phase in which the host waits for it.
 *
 * @param forward of {@link Phase#FORWARD}
 * @param head of {@link Phase#HEAD}
 * @param draw of {@link Phase#DRAW}
 * @param host of {@link Phase#HOST}
 */
public record StepTimes(long forward, long head, long draw, long host) {

  /** No time at all, as before the first step. */
  public static final StepTimes NONE = new StepTimes(0, 0, 0, 0);

  /** Nanoseconds of one phase. */
  public long of(Phase phase) {
    return switch (phase) {
      case FORWARD -> forward;
      case HEAD -> head;
      case DRAW -> draw;
      case HOST -> host;
    };
  }

  /** The times of this step and another one together. */
  public StepTimes plus(StepTimes other) {
    return new StepTimes(
        forward + other.forward, head + other.head, draw + other.draw, host + other.host);
  }

  /** Nanoseconds of the whole step. */
  public long total() {
    return forward + head + draw + host;
  }
}
