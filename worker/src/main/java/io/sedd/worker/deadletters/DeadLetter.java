package io.sedd.worker.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.protocol.job.DeadLetterHeader;
import io.sedd.protocol.job.ReplayHeader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A record of the dead-letter topic, with its headers read.
 *
 * @param record as it stands in the topic
 * @param position in the topic
 */
record DeadLetter(ConsumerRecord<byte[], byte[]> record, LetterPosition position) {

  static DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
    return new DeadLetter(record, new LetterPosition(record.partition(), record.offset()));
  }

  /**
   * The dead letter that a mark names; empty if the record is no mark. A dead letter keeps the
   * headers of its job, whatever they are, so that one of that name alone makes no mark.
   */
  static Optional<LetterPosition> replayedBy(ConsumerRecord<byte[], byte[]> record) {
    if (record.headers().lastHeader(DeadLetterHeader.ORIGINAL_TOPIC.key()) != null) {
      return Optional.empty();
    }
    return text(record, ReplayHeader.REPLAYED_OFFSET.key())
        .map(offset -> new LetterPosition(record.partition(), Long.parseLong(offset)));
  }

  /** The value of a header; empty where it is absent, as in a record that no worker wrote. */
  String header(DeadLetterHeader header) {
    return text(record, header.key()).orElse("");
  }

  /** The job's id by its key; empty where it had none. */
  String id() {
    return record.key() == null ? "" : new String(record.key(), UTF_8);
  }

  /** When the worker gave it up, or else when its record was written. */
  Instant time() {
    try {
      return Instant.parse(header(DeadLetterHeader.TIME));
    } catch (DateTimeException _) {
      return Instant.ofEpochMilli(record.timestamp());
    }
  }

  /** How often its job had been replayed before it died here. */
  int replays() {
    return text(record, ReplayHeader.ATTEMPT.key()).map(Integer::parseInt).orElse(0);
  }

  private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String key) {
    Header header = record.headers().lastHeader(key);
    return Optional.ofNullable(header).map(Header::value).map(value -> new String(value, UTF_8));
  }
}
