package io.sedd.diffusion.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnsTest {

  private final AtomicLong clock = new AtomicLong();
  private final Turns turns = new Turns(clock::get);
  private final AtomicInteger asideDone = new AtomicInteger();

  @Test
  void workAsideWaitsUntilTheOthersHadTheirShare() throws InterruptedException {
    kernel(1);
    Thread aside = Thread.ofPlatform().start(() -> aside(10, 1));
    awaitWaiting(1);
    kernel(10L * Turns.SHARE - 1);
    awaitWaiting(1);
    kernel(1);
    aside.join();
    assertEquals(2, asideDone.get());
  }

  @Test
  void workAsideGoesOnWhereNobodyElseWantsTheBackend() throws InterruptedException {
    Thread aside = Thread.ofPlatform().start(() -> aside(10, 10, 10));
    aside.join();
    assertEquals(3, asideDone.get());
  }

  @Test
  void workAsideGoesOnWhenTheOthersHaveBecomeIdle() throws InterruptedException {
    kernel(1);
    Thread aside = Thread.ofPlatform().start(() -> aside(10, 1));
    awaitWaiting(1);
    clock.addAndGet(1_000_000_000);
    aside.join();
    assertEquals(2, asideDone.get());
  }

  @Test
  void aKernelOfTheStepRunsWhileWorkAsideGivesWay() throws InterruptedException {
    kernel(1);
    Thread aside = Thread.ofPlatform().start(() -> aside(10, 1));
    awaitWaiting(1);
    AtomicInteger ran = new AtomicInteger();
    try (Turns.Turn _ = turns.take()) {
      ran.incrementAndGet();
    }
    assertEquals(1, ran.get());
    assertTrue(aside.isAlive());
    kernel(1000);
    aside.join();
    assertFalse(turns.someoneGivesWay());
  }

  /** One kernel after another, of the given times, aside. */
  private void aside(long... nanos) {
    turns.aside(
        () -> {
          for (long time : nanos) {
            kernel(time);
            asideDone.incrementAndGet();
          }
          return null;
        });
  }

  private void kernel(long nanos) {
    try (Turns.Turn _ = turns.take()) {
      clock.addAndGet(nanos);
    }
  }

  private void awaitWaiting(int done) {
    while (asideDone.get() != done || !turns.someoneGivesWay()) {
      Thread.onSpinWait();
    }
  }
}
