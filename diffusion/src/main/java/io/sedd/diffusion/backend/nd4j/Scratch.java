package io.sedd.diffusion.backend.nd4j;

/** Memory for a kernel's own intermediate values, one stretch a thread, grown as needed. */
final class Scratch implements AutoCloseable {

  /** Entry w belongs to worker w while a kernel runs. */
  private final Nd4jMemory[] stretches;

  Scratch(int workers) {
    stretches = new Nd4jMemory[workers];
  }

  /** At least so many numbers for one worker, of undefined content, until it asks again. */
  long address(int worker, long numbers) {
    Nd4jMemory present = stretches[worker];
    if (present == null || present.capacity() < numbers) {
      if (present != null) {
        present.close();
      }
      stretches[worker] = new Nd4jMemory(Nd4jMemory.padded(numbers + numbers / 2));
    }
    return stretches[worker].address();
  }

  @Override
  public void close() {
    for (Nd4jMemory stretch : stretches) {
      if (stretch != null) {
        stretch.close();
      }
    }
  }
}
