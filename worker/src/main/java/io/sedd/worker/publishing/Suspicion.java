package io.sedd.worker.publishing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.protocol.job.SuspectHeader;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What the workers of a share group know of a record whose deliveries had no end, and where its
 * sender's record stood. It travels in the headers of the record's copy, see {@link SuspectHeader}.
 *
 * @param suspect whether it was sent again, and so must run alone
 * @param loneStarts how often it was started alone without an end
 * @param partition of the sender's record
 * @param offset of the sender's record
 * @param timestamp of the sender's record, milliseconds since 1970
 */
public record Suspicion(
    boolean suspect, int loneStarts, int partition, long offset, long timestamp) {

  /** Of a record; one without these headers, or with some that no worker wrote, is no suspect. */
  public static Suspicion of(ConsumerRecord<byte[], byte[]> record) {
    OptionalLong lone = number(record, SuspectHeader.LONE_STARTS);
    OptionalLong partition = number(record, SuspectHeader.FIRST_PARTITION);
    OptionalLong offset = number(record, SuspectHeader.FIRST_OFFSET);
    OptionalLong timestamp = number(record, SuspectHeader.FIRST_TIMESTAMP);
    if (lone.isEmpty() || partition.isEmpty() || offset.isEmpty() || timestamp.isEmpty()) {
      return new Suspicion(false, 0, record.partition(), record.offset(), record.timestamp());
    }
    return new Suspicion(
        true,
        (int) lone.getAsLong(),
        (int) partition.getAsLong(),
        offset.getAsLong(),
        timestamp.getAsLong());
  }

  /** The same record with so many lone starts; a suspect from now on. */
  public Suspicion with(int starts) {
    return new Suspicion(true, starts, partition, offset, timestamp);
  }

  void addTo(Headers headers) {
    removeFrom(headers);
    add(headers, SuspectHeader.LONE_STARTS, loneStarts);
    add(headers, SuspectHeader.FIRST_PARTITION, partition);
    add(headers, SuspectHeader.FIRST_OFFSET, offset);
    add(headers, SuspectHeader.FIRST_TIMESTAMP, timestamp);
  }

  static void removeFrom(Headers headers) {
    for (SuspectHeader header : SuspectHeader.values()) {
      headers.remove(header.key());
    }
  }

  private static void add(Headers headers, SuspectHeader header, long value) {
    headers.add(header.key(), String.valueOf(value).getBytes(UTF_8));
  }

  private static OptionalLong number(ConsumerRecord<byte[], byte[]> record, SuspectHeader which) {
    Header header = record.headers().lastHeader(which.key());
    if (header == null || header.value() == null) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(new String(header.value(), UTF_8)));
    } catch (NumberFormatException _) {
      return OptionalLong.empty();
    }
  }
}
