package io.sedd.cuda.ptx;

import io.sedd.cuda.driver.Stream;
import java.util.ArrayDeque;
import java.util.Queue;

/** Work in order: done at once, or by a lazy device when it is waited for. */
final class EmulatedStream implements Stream {

  private final EmulatedDriver driver;
  private final long number;
  private final Queue<Runnable> work = new ArrayDeque<>();

  EmulatedStream(EmulatedDriver driver, long number) {
    this.driver = driver;
    this.number = number;
  }

  void add(Runnable next) {
    work.add(next);
  }

  /** Does what is first in the order. */
  void advance() {
    work.remove().run();
  }

  /** Does all that is left. */
  void drain() {
    while (!work.isEmpty()) {
      advance();
    }
  }

  @Override
  public long handle() {
    return number;
  }

  @Override
  public void close() {
    driver.closed(this);
  }
}
