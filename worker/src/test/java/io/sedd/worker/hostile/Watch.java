package io.sedd.worker.hostile;

import com.sun.management.ThreadMXBean;
import io.sedd.worker.hostile.HostileInput.Verdict;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;

/**
 * Hands inputs over one by one and holds each to its limits; counts what became of them. Owned by
 * one thread.
 */
final class Watch {

  /** Reading 64 KiB takes a millisecond; a reader that works for so long has lost its way. */
  private static final long MOST_CPU_NANOS = 1_000_000_000;

  private static final int MOST_REPEATS = 3;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private record Reading(Verdict verdict, long allocated, long cpuNanos) {}

  private final HostileInput input;
  private final Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);
  private long mostAllocated;
  private double mostOfBound;

  Watch(HostileInput input) {
    this.input = input;
  }

  /**
   * Reads the bytes; again where that took too much memory, since a path that is taken for the
   * first times loads its classes and links its lambdas.
   *
   * @throws AssertionError if that took too long or too much memory, or threw what is not foreseen
   */
  Verdict read(byte[] bytes) {
    long bound = input.allocationBound(bytes.length);
    Reading reading = once(bytes);
    for (int again = 0; again < MOST_REPEATS && reading.allocated() > bound; again++) {
      reading = once(bytes);
    }
    if (reading.allocated() > bound) {
      throw new AssertionError(
          "%s allocated %,d bytes for an input of %,d; the bound is %,d"
              .formatted(input.name(), reading.allocated(), bytes.length, bound));
    }
    if (reading.cpuNanos() > MOST_CPU_NANOS) {
      throw new AssertionError(
          "%s worked %,d ms on an input of %,d bytes"
              .formatted(input.name(), reading.cpuNanos() / 1_000_000, bytes.length));
    }
    verdicts.merge(reading.verdict(), 1L, Long::sum);
    mostAllocated = Math.max(mostAllocated, reading.allocated());
    mostOfBound = Math.max(mostOfBound, (double) reading.allocated() / bound);
    return reading.verdict();
  }

  private Reading once(byte[] bytes) {
    long cpu = THREADS.getCurrentThreadCpuTime();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      Verdict verdict = input.read(bytes);
      return new Reading(
          verdict,
          THREADS.getCurrentThreadAllocatedBytes() - before,
          THREADS.getCurrentThreadCpuTime() - cpu);
    } catch (IOException | RuntimeException e) {
      throw new AssertionError(input.name() + " does not end in a foreseen way: " + e, e);
    }
  }

  long count(Verdict verdict) {
    return verdicts.getOrDefault(verdict, 0L);
  }

  /** One line of figures. */
  String summary() {
    return "%s: %,d accepted, %,d refused; at most %,d bytes allocated for one, %.0f %% of the bound"
        .formatted(
            input.name(),
            count(Verdict.ACCEPTED),
            count(Verdict.REFUSED),
            mostAllocated,
            100 * mostOfBound);
  }
}
