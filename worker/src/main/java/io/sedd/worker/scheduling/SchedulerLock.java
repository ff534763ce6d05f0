package io.sedd.worker.scheduling;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The one lock of a scheduler and the feeds of its devices: it guards where every job stands. Held
 * for moments only, but for waiting, which gives it up.
 */
final class SchedulerLock {

  private final ReentrantLock lock = new ReentrantLock();

  /** A ready job has come, or somebody wants a denoising thread to look up. */
  private final Condition news = lock.newCondition();

  void run(Runnable change) {
    locked(
        () -> {
          change.run();
          return null;
        });
  }

  <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  /** Something that is done with the lock held and may wait for news. */
  @FunctionalInterface
  interface Wait {
    void run(Condition news) throws InterruptedException;
  }

  void waiting(Wait wait) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      wait.run(news);
    } finally {
      lock.unlock();
    }
  }

  /** To all that wait; called with the lock held. */
  void tell() {
    news.signalAll();
  }
}
