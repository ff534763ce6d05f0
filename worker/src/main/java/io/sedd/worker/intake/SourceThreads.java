package io.sedd.worker.intake;

import java.util.List;
import java.util.function.Supplier;

/** The threads of a source: started once, and never after the source was ended. Thread-safe. */
final class SourceThreads {

  // guarded by this
  private List<Thread> threads = List.of();
  private boolean begun;
  private boolean ended;

  /**
   * Starts the threads, unless the source has been ended.
   *
   * @param unstarted makes them
   * @throws IllegalStateException the second time
   */
  synchronized void start(Supplier<List<Thread>> unstarted) {
    if (begun) {
      throw new IllegalStateException("this source was started before");
    }
    if (!ended) {
      begun = true;
      threads = unstarted.get();
      threads.forEach(Thread::start);
    }
  }

  /** Asks the threads, if there are any, to end, and waits until they have. */
  synchronized void end(Runnable request) throws InterruptedException {
    ended = true;
    if (begun) {
      request.run();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
