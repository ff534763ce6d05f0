package io.sedd.worker.reload;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does work that only computes or reads, such as hashing, on a thread that gets less of a busy
 * processor than the step loop: on Linux a nice value is a thread's own, and the JVM's priorities
 * do nothing. Never for what holds the backend: a thread that waits for the processor while it has
 * its turn makes the step loop wait too (a step then took up to four times its median).
 */
final class LowPriority {

  private static final Logger log = LoggerFactory.getLogger(LowPriority.class);

  /**
   * A seventieth of what a thread of value 0 gets: where every core is busy, hashing 16 MB takes
   * some seconds, 700 MB two minutes.
   */
  private static final int NICE = 19;

  private static final int PRIO_PROCESS = 0;
  private static final int CALLING_THREAD = 0;

  private LowPriority() {}

  /** Work that may fail as files do. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  /** Does it and waits for it. */
  static <T> T call(Work<T> work) throws IOException, InterruptedException {
    FutureTask<T> task = new FutureTask<>(work::run);
    Thread thread =
        Thread.ofPlatform()
            .name("sedd-reload-files")
            .start(
                () -> {
                  take();
                  task.run();
                });
    try {
      return task.get();
    } catch (InterruptedException e) {
      thread.interrupt();
      thread.join();
      throw e;
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException fault -> throw fault;
        case RuntimeException fault -> throw fault;
        case Error fault -> throw fault;
        default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  @SuppressWarnings("restricted")
  private static void take() {
    if (!System.getProperty("os.name").equals("Linux")) {
      log.debug("checkpoints are hashed at the usual priority: only Linux has one for a thread");
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
        log.warn("checkpoints are hashed at the usual priority: setpriority was refused");
      }
    } catch (Throwable e) {
      log.warn("checkpoints are hashed at the usual priority: {}", e.toString());
    }
  }
}
