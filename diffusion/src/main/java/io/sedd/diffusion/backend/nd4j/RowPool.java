package io.sedd.diffusion.backend.nd4j;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed set of threads that share the tasks of one kernel: the caller and {@code threads - 1}
 * helpers, owned by the backend.
 *
 * <ul>
 *   <li>Tasks are handed out one by one in ascending order; which thread takes which is not fixed,
 *       so a task's result must not depend on its thread.
 *   <li>A helper looks for new work for {@link #PATIENCE_NANOS}, then sleeps: kernels of one step
 *       follow each other within microseconds, and waking a thread takes about 50 of them.
 *   <li>One caller at a time.
 * </ul>
 */
final class RowPool implements AutoCloseable {

  /** One of the tasks of a kernel. */
  @FunctionalInterface
  interface Task {
    /**
     * @param task number from 0
     * @param worker number of the thread that runs it, 0 for the caller
     */
    void run(int task, int worker);
  }

  /** A range of rows. */
  @FunctionalInterface
  interface RangeTask {
    void run(int from, int to, int worker);
  }

  private static final long PATIENCE_NANOS = 50_000;

  private final Thread[] helpers;

  /** Written by the caller, read by the helpers. */
  private volatile Job current = new Job(0, (_, _) -> {});

  private volatile boolean closed;

  RowPool(int threads) {
    helpers = new Thread[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      int worker = i + 1;
      helpers[i] =
          Thread.ofPlatform().daemon().name("sedd-rows-" + worker).start(() -> help(worker));
    }
  }

  /** Number of threads, the caller among them. */
  int threads() {
    return helpers.length + 1;
  }

  /** Runs tasks 0 to {@code tasks - 1} and returns when all have ended; throws what one threw. */
  void run(int tasks, Task task) {
    if (helpers.length == 0 || tasks <= 1) {
      for (int i = 0; i < tasks; i++) {
        task.run(i, 0);
      }
      return;
    }
    Job job = new Job(tasks, task);
    current = job;
    for (int i = 0; i < Math.min(helpers.length, tasks - 1); i++) {
      LockSupport.unpark(helpers[i]);
    }
    job.work(0);
    job.await();
  }

  /** Runs over {@code [0, rows)} in ranges of {@code grain} rows. */
  void forRanges(int rows, int grain, RangeTask range) {
    run(
        Math.ceilDiv(rows, grain),
        (task, worker) -> {
          int from = task * grain;
          range.run(from, Math.min(from + grain, rows), worker);
        });
  }

  private void help(int worker) {
    Job done = current;
    while (!closed) {
      long patience = System.nanoTime() + PATIENCE_NANOS;
      Job next = current;
      while (next == done && !closed) {
        if (System.nanoTime() < patience) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
        next = current;
      }
      next.work(worker);
      done = next;
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
  }

  private static final class Job {
    private final int tasks;
    private final Task task;
    private final Thread caller = Thread.currentThread();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile Throwable failure;

    Job(int tasks, Task task) {
      this.tasks = tasks;
      this.task = task;
    }

    void work(int worker) {
      for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
        try {
          task.run(i, worker);
        } catch (RuntimeException | Error e) {
          failure = e;
        } finally {
          if (ended.incrementAndGet() == tasks && worker != 0) {
            LockSupport.unpark(caller);
          }
        }
      }
    }

    void await() {
      long patience = System.nanoTime() + PATIENCE_NANOS;
      while (ended.get() < tasks) {
        if (System.nanoTime() < patience) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      switch (failure) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(failure);
      }
    }
  }
}
