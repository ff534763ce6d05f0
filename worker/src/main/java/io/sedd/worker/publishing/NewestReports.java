package io.sedd.worker.publishing;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Progress reports on their way to the sending thread, one for each sample of a job: a newer one
 * takes the place of the one that still waits. Bounded; thread-safe.
 */
final class NewestReports {

  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();

  /** Guarded by lock; the longest waiting first. */
  private final Map<ProgressReport.Slot, ProgressReport> waiting = new LinkedHashMap<>();

  NewestReports(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Puts a report in.
   *
   * @return whether none was lost by it: neither an older one nor, where it is full, this one
   */
  boolean put(ProgressReport report) {
    lock.lock();
    try {
      ProgressReport.Slot slot = report.slot();
      if (waiting.replace(slot, report) != null) {
        return false;
      }
      if (waiting.size() >= capacity) {
        return false;
      }
      waiting.put(slot, report);
      arrived.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the one that has waited longest; waits for one. */
  ProgressReport take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty()) {
        arrived.await();
      }
      Iterator<ProgressReport> first = waiting.values().iterator();
      ProgressReport report = first.next();
      first.remove();
      return report;
    } finally {
      lock.unlock();
    }
  }
}
