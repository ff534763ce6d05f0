package io.sedd.diffusion.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.diffusion.backend.reference.ReferenceBackend;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class GuardedBackendTest {

  private static final int ROUNDS = 20_000;

  @Test
  void additionsOfAThreadAsideAndOfAStepAreNotLost() throws InterruptedException {
    try (Backend backend = new ReferenceBackend();
        Tensor sum = backend.allocate(1, 1);
        Tensor one = backend.allocate(1, 1)) {
      backend.fill(one, 1);
      CountDownLatch together = new CountDownLatch(1);
      Runnable adding =
          () -> {
            await(together);
            for (int i = 0; i < ROUNDS; i++) {
              backend.add(one, sum);
            }
          };
      Thread first = Thread.ofPlatform().start(adding);
      Thread second =
          Thread.ofPlatform()
              .start(
                  () ->
                      backend.aside(
                          () -> {
                            adding.run();
                            return null;
                          }));
      together.countDown();
      first.join();
      second.join();
      assertEquals(2 * ROUNDS, backend.read(sum)[0]);
    }
  }

  @Test
  void whatIsWrittenInSeveralTurnsArrivesWhole() {
    int size = (1 << 22) + 3;
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = i;
    }
    try (Backend backend = new ReferenceBackend();
        Tensor tensor = backend.allocate(1, size)) {
      backend.write(MemorySegment.ofArray(values), tensor);
      assertArrayEquals(values, backend.read(tensor));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
