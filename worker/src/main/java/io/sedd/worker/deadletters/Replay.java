package io.sedd.worker.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.protocol.job.DeadLetterHeader;
import io.sedd.protocol.job.ReplayHeader;
import io.sedd.worker.kafka.KafkaClients;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Sends dead letters back to where they came from, each at most once: the job and the mark that it
 * was replayed are one transaction. A second replay that runs at the same time puts the first out,
 * for both have the same transactional id, and begins to read when the first one's last transaction
 * is settled.
 */
final class Replay implements AutoCloseable {

  private static final int MOST_LETTERS = 200;
  private static final long MOST_BYTES = 4 << 20;

  private final DeadLetterTopic topic;
  private final Producer<byte[], byte[]> producer;
  private final List<DeadLetter> pending = new ArrayList<>();
  private final Consumer<DeadLetter> told;
  private long pendingBytes;

  /**
   * Takes the place of any replay of the same topic.
   *
   * @param told hears of each dead letter once it is replayed
   */
  Replay(KafkaClients clients, DeadLetterTopic topic, Consumer<DeadLetter> told) {
    this.topic = topic;
    this.told = told;
    this.producer = clients.transactionalProducer(0);
    try {
      producer.initTransactions();
    } catch (RuntimeException e) {
      producer.close();
      throw e;
    }
  }

  /** Which letters there is no way to replay, and why. */
  static Optional<String> obstacle(DeadLetter letter) {
    if (letter.header(DeadLetterHeader.ORIGINAL_TOPIC).isEmpty()) {
      return Optional.of("it does not say which topic it came from");
    }
    if (letter.record().value() == null) {
      return Optional.of("its value was left out or never there");
    }
    return Optional.empty();
  }

  /**
   * Replays the letters that are meant and have not been replayed.
   *
   * @param again whether those that have been are replayed once more
   * @param refused hears of letters that there is no way to replay
   */
  void run(LetterFilter filter, boolean again, Consumer<DeadLetter> refused)
      throws InterruptedException {
    Set<LetterPosition> done = again ? Set.of() : topic.replayed();
    topic.letters(
        filter,
        letter -> {
          if (done.contains(letter.position())) {
            return;
          }
          if (obstacle(letter).isPresent()) {
            refused.accept(letter);
            return;
          }
          pending.add(letter);
          pendingBytes += letter.record().value().length;
          if (pending.size() == MOST_LETTERS || pendingBytes > MOST_BYTES) {
            commit();
          }
        });
    commit();
  }

  private void commit() {
    if (pending.isEmpty()) {
      return;
    }
    producer.beginTransaction();
    for (DeadLetter letter : pending) {
      var _ = producer.send(job(letter));
      var _ = producer.send(mark(letter));
    }
    producer.commitTransaction();
    pending.forEach(told);
    pending.clear();
    pendingBytes = 0;
  }

  /** The original key, bytes and headers, and how often it is replayed now. */
  private static ProducerRecord<byte[], byte[]> job(DeadLetter letter) {
    Headers headers = new RecordHeaders(letter.record().headers().toArray());
    for (DeadLetterHeader header : DeadLetterHeader.values()) {
      headers.remove(header.key());
    }
    headers.remove(ReplayHeader.ATTEMPT.key());
    headers.add(ReplayHeader.ATTEMPT.key(), String.valueOf(letter.replays() + 1).getBytes(UTF_8));
    return new ProducerRecord<>(
        letter.header(DeadLetterHeader.ORIGINAL_TOPIC),
        null,
        letter.record().key(),
        letter.record().value(),
        headers);
  }

  private ProducerRecord<byte[], byte[]> mark(DeadLetter letter) {
    Headers headers = new RecordHeaders();
    headers.add(
        ReplayHeader.REPLAYED_OFFSET.key(),
        String.valueOf(letter.position().offset()).getBytes(UTF_8));
    return new ProducerRecord<>(
        topic.topic(), letter.position().partition(), letter.record().key(), null, headers);
  }

  @Override
  public void close() {
    producer.close();
  }
}
