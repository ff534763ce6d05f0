package io.sedd.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be closed, in the reverse order of its opening. A part that cannot be closed is
 * logged and does not keep the others open. Thread-safe.
 */
final class ClosingStack implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ClosingStack.class);

  /** Something open. */
  @FunctionalInterface
  interface Part {
    void close() throws Exception;
  }

  private record Named(String name, Part part) {}

  private final Deque<Named> parts = new ArrayDeque<>();

  synchronized void add(String name, Part part) {
    parts.push(new Named(name, part));
  }

  /** Adds and gives back. */
  <T extends AutoCloseable> T own(String name, T part) {
    add(name, (Part) part::close);
    return part;
  }

  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      Named next = parts.pop();
      try {
        next.part().close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        log.warn("interrupted while closing the {}", next.name());
      } catch (Exception e) {
        log.warn("the {} could not be closed in order", next.name(), e);
      }
    }
  }
}
