package io.sedd.worker.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendConformance;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** It does all that a backend must do, and that from two threads. */
class ExclusiveBackendTest extends BackendConformance {

  private static final int ROUNDS = 20_000;

  @Override
  protected Backend open() {
    return new ExclusiveBackend(new ReferenceBackend());
  }

  @Test
  void additionsOfTwoThreadsAreNotLost() throws InterruptedException {
    try (Tensor sum = backend().allocate(1, 1);
        Tensor one = backend().allocate(1, 1)) {
      backend().fill(one, 1);
      CountDownLatch together = new CountDownLatch(1);
      Runnable adding =
          () -> {
            try {
              together.await();
              for (int i = 0; i < ROUNDS; i++) {
                backend().add(one, sum);
              }
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          };
      Thread first = Thread.ofPlatform().start(adding);
      Thread second = Thread.ofPlatform().start(adding);
      together.countDown();
      first.join();
      second.join();
      assertEquals(2 * ROUNDS, backend().read(sum)[0]);
    }
  }
}
