package io.sedd.worker.denoising;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Watches over the step loop of one device from a thread of its own, since a native call that hangs
 * can neither tell nor be interrupted. Tells once.
 */
public final class StepWatchdog implements AutoCloseable {

  private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);
  private static final int LOOKS = 8;

  private final DenoisingLoop loop;
  private final Duration limit;
  private final Clock clock;
  private final Consumer<Throwable> onHang;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  /**
   * A watchdog that runs.
   *
   * @param loop whose {@link DenoisingLoop#lastTurn} is looked at
   * @param limit a step that takes longer hangs
   * @param onHang told of it, on the watchdog's thread
   */
  public StepWatchdog(DenoisingLoop loop, Duration limit, Clock clock, Consumer<Throwable> onHang) {
    this.loop = loop;
    this.limit = limit;
    this.clock = clock;
    this.onHang = onHang;
    this.thread = Thread.ofVirtual().name("sedd-watchdog").start(this::watch);
  }

  private void watch() {
    Duration look = limit.dividedBy(LOOKS);
    long nanos = (look.compareTo(LONGEST_LOOK) < 0 ? look : LONGEST_LOOK).toNanos();
    try {
      while (!closing.await(nanos, TimeUnit.NANOSECONDS)) {
        Duration since = Duration.between(loop.lastTurn(), clock.instant());
        if (since.compareTo(limit) > 0) {
          onHang.accept(new HungStepException(loop.device(), since));
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
