package io.sedd.worker.delivery;

import java.lang.management.ManagementFactory;

/** The heap in use after what is garbage has gone. */
final class UsedHeap {

  private UsedHeap() {}

  /** Bytes; the least of three collections, since other threads go on. */
  static long afterCollection() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
