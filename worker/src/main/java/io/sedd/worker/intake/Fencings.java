package io.sedd.worker.intake;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * Tells a second worker of the same name from a pause of this one. Either way the broker says that
 * the producer was fenced: after a pause once, for a transaction that took too long; by a namesake
 * again and again, each putting the other out. Owned by the intake's thread.
 */
final class Fencings {

  private static final int MOST = 3;
  private static final Duration WITHIN = Duration.ofMinutes(1);

  private final Deque<Long> times = new ArrayDeque<>();

  /**
   * Takes note of a fault.
   *
   * @throws NamesakeException if the producer has been fenced too often
   */
  void note(KafkaException fault) {
    for (Throwable t = fault; t != null; t = t.getCause()) {
      if (t instanceof ProducerFencedException fenced) {
        long now = System.nanoTime();
        times.add(now);
        while (now - times.getFirst() > WITHIN.toNanos()) {
          times.removeFirst();
        }
        if (times.size() >= MOST) {
          throw new NamesakeException(fenced);
        }
        return;
      }
    }
  }

  /** Another worker uses the transactional ids of this one. */
  static final class NamesakeException extends KafkaException {

    private static final long serialVersionUID = 1;

    NamesakeException(ProducerFencedException cause) {
      super(
          "another worker has the same name and puts this one out again and again; give each worker"
              + " a name of its own",
          cause);
    }
  }
}
