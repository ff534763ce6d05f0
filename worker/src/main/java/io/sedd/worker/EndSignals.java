package io.sedd.worker;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT: the first one asks for an end in order, the next one ends the process at
 * once.
 *
 * <p>A shutdown hook would not do. The JVM takes no second signal while hooks run, and it exits
 * with 143 even where everything was finished in order.
 *
 * <p>{@code sun.misc.Signal} (of the supported module {@code jdk.unsupported}) is reached by method
 * handles: javac warns of its name, and that warning cannot be silenced.
 */
final class EndSignals implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EndSignals.class);

  /** What a shell shows for a process that signal n ended: 128 + n. */
  private static final int SIGNALLED = 128;

  private final AtomicBoolean asked = new AtomicBoolean();
  private final Runnable first;

  /** The former handlers, to be put back. */
  private final List<Former> former = new ArrayList<>();

  private record Former(Object signal, Object handler) {}

  /** Handles both signals until closed; the action runs on a thread of the JVM's. */
  EndSignals(Runnable first) {
    this.first = first;
    for (String name : List.of("TERM", "INT")) {
      try {
        Object signal = Access.MAKE.invoke(name);
        former.add(new Former(signal, Access.HANDLE.invoke(signal, Access.handler(this::come))));
      } catch (Throwable e) {
        log.warn("SIG{} ends the worker without a drain: {}", name, e.toString());
      }
    }
  }

  private void come(Object signal) {
    if (asked.compareAndSet(false, true)) {
      log.info("{}: the worker ends in order; a second one ends it at once", signal);
      first.run();
    } else {
      log.warn("{} again: the worker ends at once", signal);
      Runtime.getRuntime().halt(SIGNALLED + number(signal));
    }
  }

  private static int number(Object signal) {
    try {
      return (int) Access.NUMBER.invoke(signal);
    } catch (Throwable e) {
      throw new IllegalStateException("a signal without a number", e);
    }
  }

  @Override
  public void close() {
    for (Former each : former) {
      try {
        Object _ = Access.HANDLE.invoke(each.signal(), each.handler());
      } catch (Throwable e) {
        log.warn("a signal handler cannot be put back: {}", e.toString());
      }
    }
  }

  /** The parts of {@code sun.misc.Signal}. */
  private static final class Access {

    static final MethodHandle MAKE;
    static final MethodHandle HANDLE;
    static final MethodHandle NUMBER;
    private static final Class<?> HANDLER;
    private static final MethodHandle COME;

    static {
      try {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        Class<?> signal = Class.forName("sun.misc.Signal");
        HANDLER = Class.forName("sun.misc.SignalHandler");
        MAKE = lookup.findConstructor(signal, MethodType.methodType(void.class, String.class));
        HANDLE =
            lookup.findStatic(signal, "handle", MethodType.methodType(HANDLER, signal, HANDLER));
        NUMBER = lookup.findVirtual(signal, "getNumber", MethodType.methodType(int.class));
        COME =
            lookup.findVirtual(
                java.util.function.Consumer.class,
                "accept",
                MethodType.methodType(void.class, Object.class));
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    static Object handler(java.util.function.Consumer<Object> action) {
      return MethodHandleProxies.asInterfaceInstance(HANDLER, COME.bindTo(action));
    }
  }
}
