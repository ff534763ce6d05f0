package io.sedd.worker.intake;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions that the group has given to this worker and whose leases have not begun: first the
 * broker has to tell what the group has committed, which it does not while a transaction of a dead
 * worker is open. They are paused until then, and the worker goes on with the others. Owned by the
 * intake's thread.
 */
final class Grants {

  private static final Logger log = LoggerFactory.getLogger(Grants.class);

  /** Short, since results of other partitions wait meanwhile. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final Leases leases;
  private final Set<TopicPartition> awaited = new HashSet<>();
  private Optional<String> trouble = Optional.empty();
  private long nextQuestion;

  Grants(Consumer<byte[], byte[]> consumer, Leases leases) {
    this.consumer = consumer;
    this.leases = leases;
  }

  /** The group has given them; nothing is fetched of them yet. */
  void add(Collection<TopicPartition> partitions) {
    consumer.pause(partitions);
    awaited.addAll(partitions);
    nextQuestion = System.nanoTime();
  }

  /** The group has taken them back. */
  void remove(Collection<TopicPartition> partitions) {
    partitions.forEach(awaited::remove);
  }

  /** Why the broker did not answer the last question; nothing if it did or none is open. */
  Optional<String> trouble() {
    return awaited.isEmpty() ? Optional.empty() : trouble;
  }

  /**
   * Begins the leases of what is awaited, if the broker answers.
   *
   * @throws KafkaException if asking again cannot help
   */
  void begin() {
    if (awaited.isEmpty() || System.nanoTime() - nextQuestion < 0) {
      return;
    }
    try {
      Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(awaited, ANSWER_LIMIT);
      Map<TopicPartition, Long> ends = consumer.endOffsets(awaited, ANSWER_LIMIT);
      for (TopicPartition partition : Set.copyOf(awaited)) {
        OffsetAndMetadata known = committed.get(partition);
        long position = known == null ? consumer.position(partition, ANSWER_LIMIT) : 0;
        leases.grant(partition, known, position, ends.get(partition));
        awaited.remove(partition);
        log.info("has partition {} now", partition);
      }
      trouble = Optional.empty();
    } catch (RetriableException e) {
      if (trouble.isEmpty()) {
        log.warn(
            "the broker does not tell the offsets of {}; asked again until it does. If that goes on"
                + " for more than a minute, a transaction may hang: see sedd hanging-transactions."
                + " {}",
            awaited,
            e.toString());
      }
      trouble = Optional.of("the broker does not tell the offsets of " + awaited + ": " + e);
      nextQuestion = System.nanoTime() + PAUSE.toNanos();
    }
  }
}
