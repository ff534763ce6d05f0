package io.sedd.diffusion.sampling;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Splits the time of a step among its phases: five readings of the clock a step, some 0.1 µs.
 * Belongs to the thread that steps.
 */
@SuppressWarnings("EnumOrdinal") // the array has one entry a phase, and lives no longer than this
final class PhaseWatch {

  private final LongSupplier nanos;
  private final long[] spent = new long[Phase.values().length];
  private Phase present = Phase.HOST;
  private long since;

  /**
   * @param nanos a clock that never goes back, as {@link System#nanoTime}
   */
  PhaseWatch(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** A step begins, on the host. */
  void start() {
    Arrays.fill(spent, 0);
    present = Phase.HOST;
    since = nanos.getAsLong();
  }

  /** From here on the time counts to {@code next}. */
  void enter(Phase next) {
    long now = nanos.getAsLong();
    spent[present.ordinal()] += now - since;
    since = now;
    present = next;
  }

  /** The step has ended. */
  StepTimes stop() {
    enter(Phase.HOST);
    return new StepTimes(
        spent[Phase.FORWARD.ordinal()],
        spent[Phase.HEAD.ordinal()],
        spent[Phase.DRAW.ordinal()],
        spent[Phase.HOST.ordinal()]);
  }
}
