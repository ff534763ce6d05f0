package io.sedd.worker.reload;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the calling thread have less of a busy processor than the step loop: on Linux a nice value
 * is a thread's own. The JVM's thread priorities do nothing there.
 */
final class LowPriority {

  private static final Logger log = LoggerFactory.getLogger(LowPriority.class);

  /** The lowest: 1.5 % of what a thread of value 0 gets, and all that nobody else wants. */
  private static final int NICE = 19;

  private static final int PRIO_PROCESS = 0;
  private static final int CALLING_THREAD = 0;

  private LowPriority() {}

  static void take() {
    if (!System.getProperty("os.name").equals("Linux")) {
      log.info("checkpoints are loaded at the usual priority: only Linux has one for a thread");
      return;
    }
    try {
      MethodHandle setPriority =
          Linker.nativeLinker()
              .downcallHandle(
                  Linker.nativeLinker().defaultLookup().findOrThrow("setpriority"),
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_INT,
                      ValueLayout.JAVA_INT,
                      ValueLayout.JAVA_INT,
                      ValueLayout.JAVA_INT));
      int failed = (int) setPriority.invokeExact(PRIO_PROCESS, CALLING_THREAD, NICE);
      if (failed != 0) {
        log.warn("checkpoints are loaded at the usual priority: setpriority was refused");
      }
    } catch (Throwable e) {
      log.warn("checkpoints are loaded at the usual priority: {}", e.toString());
    }
  }
}
