package io.sedd.diffusion.backend.nd4j;

import java.util.function.LongFunction;

/** Memory for a kernel's own intermediate values, one stretch a thread, grown as needed. */
final class Scratch implements AutoCloseable {

  /** Entry w belongs to worker w while a kernel runs. */
  private final Stretch[] stretches;

  private final LongFunction<Stretch> memory;

  /** In ND4J's memory. */
  Scratch(int workers) {
    this(workers, Nd4jMemory::new);
  }

  /**
   * @param memory makes a stretch of so many numbers, which the scratch owns
   */
  Scratch(int workers, LongFunction<Stretch> memory) {
    this.stretches = new Stretch[workers];
    this.memory = memory;
  }

  /** At least so many numbers for one worker, of undefined content, until it asks again. */
  long address(int worker, long numbers) {
    Stretch present = stretches[worker];
    if (present == null || present.capacity() < numbers) {
      if (present != null) {
        present.close();
      }
      stretches[worker] = memory.apply(Nd4jMemory.padded(numbers + numbers / 2));
    }
    return stretches[worker].address();
  }

  @Override
  public void close() {
    for (Stretch stretch : stretches) {
      if (stretch != null) {
        stretch.close();
      }
    }
  }
}
