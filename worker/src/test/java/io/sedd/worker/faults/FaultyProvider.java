package io.sedd.worker.faults;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.BackendProvider;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The reference backend, slowed down and broken as this process's system properties say: a test
 * gives them to a worker's process.
 *
 * <ul>
 *   <li>{@code faults.stepMillis}: every draw takes so much longer, so that steps are long enough
 *       to be met by a fault;
 *   <li>{@code faults.failEvery}: so many draws, and the next throws;
 *   <li>{@code faults.failFrom}: from this draw on every one throws, as of a device that is lost;
 *   <li>{@code faults.failDevice}: of several devices this one alone fails;
 *   <li>{@code faults.haltAt}: a step with {@link #DEADLY_ROW} of this token in a row ends the
 *       process.
 * </ul>
 */
public final class FaultyProvider implements BackendProvider {

  static final String NAME = "faulty";

  /** The network's random texts have one token as often as any other, but not six in a row. */
  static final int DEADLY_ROW = 6;

  private record Schedule(Duration step, long failEvery, long failFrom, int haltAt) {

    static Schedule given(int device) {
      boolean fails = Integer.getInteger("faults.failDevice", device) == device;
      return new Schedule(
          Duration.ofMillis(Long.getLong("faults.stepMillis", 0)),
          fails ? Long.getLong("faults.failEvery", Long.MAX_VALUE) : Long.MAX_VALUE,
          fails ? Long.getLong("faults.failFrom", Long.MAX_VALUE) : Long.MAX_VALUE,
          Integer.getInteger("faults.haltAt", -1));
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int preference() {
    return -1;
  }

  @Override
  public Availability probe() {
    return new Availability(true, "for tests");
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // closed by the proxy's close
  public Backend open(BackendOptions options) {
    Schedule schedule = Schedule.given(options.device());
    AtomicLong draws = new AtomicLong();
    Backend real = new ReferenceBackend();
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (_, method, arguments) -> {
              switch (method.getName()) {
                case "embed" -> beforeEmbedding(schedule, (int[]) arguments[1]);
                case "draw", "beginDraw" -> beforeDraw(schedule, draws.incrementAndGet());
                default -> {}
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static void beforeEmbedding(Schedule schedule, int[] tokens) {
    int inARow = 0;
    for (int token : tokens) {
      inARow = token == schedule.haltAt() ? inARow + 1 : 0;
      if (inARow == DEADLY_ROW) {
        Runtime.getRuntime().halt(139);
      }
    }
  }

  private static void beforeDraw(Schedule schedule, long number) {
    LockSupport.parkNanos(schedule.step().toNanos());
    if (number >= schedule.failFrom() || number % schedule.failEvery() == 0) {
      throw new IllegalStateException("injected: the device failed at draw " + number);
    }
  }

  /** JVM options that set a property. */
  static List<String> option(String name, long value) {
    return List.of("-Dfaults." + name + "=" + value);
  }
}
