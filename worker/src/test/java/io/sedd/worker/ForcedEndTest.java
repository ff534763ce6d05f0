package io.sedd.worker;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ForcedEndTest {

  @Test
  void anEndThatDoesNotComeInOrderIsForced() throws InterruptedException {
    CountDownLatch halted = new CountDownLatch(1);
    ForcedEnd.after(Duration.ofMillis(1), halted::countDown);
    assertTrue(halted.await(30, TimeUnit.SECONDS));
  }
}
