package io.sedd.diffusion.backend;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Whose kernel runs next, where several threads use one backend.
 *
 * <ul>
 *   <li>Kernels exclude each other; the lock is fair and held for one kernel.
 *   <li>Work that is done {@link #aside} (loading a checkpoint beside the step loop) gives way: for
 *       each nanosecond that it had, it waits until the others had {@value #SHARE}, or wanted none
 *       for a while. A step beside it is slowed by a {@value #SHARE}th and one kernel at most.
 * </ul>
 */
final class Turns {

  /** What ends with the kernel. */
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /** Time of the others for each unit of time aside. */
  static final int SHARE = 16;

  /** Others that wanted nothing for so long are idle: kernels of a step follow in microseconds. */
  private static final long IDLE_NANOS = 2_000_000;

  private static final ScopedValue<Turns> ASIDE = ScopedValue.newInstance();

  private final LongSupplier nanoTime;
  private final Turn turn = this::end;

  /** Guards all that follows, and the kernels. */
  private final ReentrantLock lock = new ReentrantLock(true);

  private final Condition paid = lock.newCondition();
  private long debt;
  private long began;
  private long othersEnded;

  Turns(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.othersEnded = nanoTime.getAsLong() - IDLE_NANOS;
  }

  /** Does some work whose kernels give way to those of other threads. */
  <R, X extends Throwable> R aside(ScopedValue.CallableOp<R, X> work) throws X {
    return ScopedValue.where(ASIDE, this).call(work);
  }

  /** Waits for the calling thread's turn. */
  Turn take() {
    lock.lock();
    if (isAside()) {
      giveWay();
    }
    began = nanoTime.getAsLong();
    return turn;
  }

  private void giveWay() {
    boolean interrupted = false;
    while (debt > 0 && nanoTime.getAsLong() - othersEnded < IDLE_NANOS) {
      try {
        var _ = paid.awaitNanos(IDLE_NANOS);
      } catch (InterruptedException _) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void end() {
    long now = nanoTime.getAsLong();
    if (isAside()) {
      debt = SHARE * (now - began);
    } else {
      debt -= now - began;
      othersEnded = now;
      if (debt <= 0) {
        paid.signal();
      }
    }
    lock.unlock();
  }

  /** Whether somebody gives way at this moment; for tests. */
  boolean someoneGivesWay() {
    lock.lock();
    try {
      return lock.hasWaiters(paid);
    } finally {
      lock.unlock();
    }
  }

  private boolean isAside() {
    return ASIDE.isBound() && ASIDE.get() == this;
  }
}
