package io.sedd.trainer.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PrefetchTest {

  @Test
  void sequencesComeInOrderFromWhereTheRunStands() {
    try (Prefetch prefetch = new Prefetch(index -> new int[] {(int) index}, 100, 3)) {
      for (int i = 100; i < 200; i++) {
        assertArrayEquals(new int[] {i}, prefetch.sequence(i));
      }
      assertThrows(IllegalArgumentException.class, () -> prefetch.sequence(5));
    }
  }

  @Test
  void noMoreIsReadAheadThanTheBound() throws InterruptedException {
    AtomicLong read = new AtomicLong();
    Semaphore reads = new Semaphore(0);
    SequenceSource source =
        index -> {
          read.incrementAndGet();
          reads.release();
          return new int[] {(int) index};
        };
    try (Prefetch prefetch = new Prefetch(source, 0, 3)) {
      // three in the queue and one in the reader's hand
      reads.acquire(4);
      prefetch.sequence(0);
      reads.acquire(1);
      assertEquals(5, read.get());
    }
  }

  @Test
  void aFailureOfTheSourceReachesTheTrainingThreadAtItsPlace() {
    SequenceSource source =
        index -> {
          if (index == 2) {
            throw new IllegalStateException("shard 7 is gone");
          }
          return new int[1];
        };
    try (Prefetch prefetch = new Prefetch(source, 0, 8)) {
      prefetch.sequence(0);
      prefetch.sequence(1);
      var failure = assertThrows(IllegalStateException.class, () -> prefetch.sequence(2));
      assertTrue(failure.getMessage().contains("shard 7 is gone"), failure.getMessage());
    }
  }

  @Test
  void nobodyReadsTheSourceOnceItIsClosed() {
    AtomicReference<Thread> reader = new AtomicReference<>();
    Prefetch prefetch =
        new Prefetch(
            _ -> {
              reader.set(Thread.currentThread());
              return new int[1];
            },
            0,
            2);
    prefetch.sequence(0);
    prefetch.close();
    assertFalse(reader.get().isAlive());
  }
}
