package io.sedd.trainer.training;

import java.util.concurrent.CountDownLatch;

/**
 * A wish, from another thread, that the run end after its present step with a complete checkpoint.
 * Both parts may be called from any thread, any number of times.
 */
public final class StopSignal {

  private volatile boolean requested;
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Asks for the end. */
  public void request() {
    requested = true;
  }

  /** Whether somebody asked. */
  public boolean requested() {
    return requested;
  }

  /** Said by the run when its last checkpoint stands, or it failed. */
  public void ended() {
    ended.countDown();
  }

  /**
   * Asks for the end and waits for it: for a shutdown hook, since the process is gone as soon as
   * its hooks return.
   */
  public void requestAndAwait() {
    request();
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
