package io.sedd.trainer.training;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Reads sequences ahead of the training thread, so that the device does not wait for a disk. One
 * thread of its own, owned by whoever made this and ended by {@link #close}, reads the source in
 * order into a bounded queue; nobody else reads the source meanwhile. What the source throws waits
 * in the queue at its place and is thrown to the training thread when that gets there. What comes
 * out is what the source gives, however the threads run.
 */
final class Prefetch implements SequenceSource, AutoCloseable {

  /** A sequence, or why there is none. */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  private record Fetched(int[] tokens, Throwable failure) {}

  private final BlockingQueue<Fetched> queue;
  private final Thread reader;
  private long next;

  /**
   * Begins to read.
   *
   * @param first index of the first sequence that will be asked for
   * @param ahead sequences that are read and not yet asked for, at most
   */
  Prefetch(SequenceSource source, long first, int ahead) {
    this.queue = new ArrayBlockingQueue<>(ahead);
    this.next = first;
    this.reader =
        Thread.ofPlatform().daemon().name("corpus-prefetch").start(() -> read(source, first));
  }

  private void read(SequenceSource source, long first) {
    try {
      for (long index = first; ; index++) {
        Fetched fetched;
        try {
          fetched = new Fetched(source.sequence(index), null);
        } catch (RuntimeException | Error e) { // an Error too: a mapped file that shrank gives one
          fetched = new Fetched(null, e);
        }
        queue.put(fetched);
        if (fetched.failure() != null) {
          return;
        }
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  /**
   * The next sequence; they come in order only.
   *
   * @throws IllegalStateException if the source failed at this one, or this thread is interrupted
   */
  @Override
  public int[] sequence(long index) {
    if (index != next) {
      throw new IllegalArgumentException("sequence " + next + " is next, not " + index);
    }
    try {
      Fetched fetched = queue.take();
      if (fetched.failure() != null) {
        throw new IllegalStateException(
            "the corpus cannot be read: " + fetched.failure().getMessage(), fetched.failure());
      }
      next++;
      return fetched.tokens();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the corpus", e);
    }
  }

  /** Ends the thread and waits for that, since the source may be closed afterwards. */
  @Override
  public void close() {
    reader.interrupt();
    boolean interrupted = false;
    while (reader.isAlive()) {
      try {
        reader.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
