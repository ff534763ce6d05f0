package io.sedd.worker.publishing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.protocol.job.DeadLetterHeader;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobError;
import io.sedd.protocol.job.JobTopics;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Turns settlements into records. A result is measured before it is sent, since a record that the
 * broker refuses would fail its whole transaction for ever.
 */
public final class SettlementRecords {

  /** Room for a record's key, headers and framing beside its value, bytes. */
  private static final int FRAMING = 8192;

  private final JobTopics topics;
  private final Results results;
  private final int mostBytes;
  private final Clock clock;

  /**
   * For one installation.
   *
   * @param mostBytes largest record that the results and dead-letter topics take
   */
  public SettlementRecords(JobTopics topics, Results results, int mostBytes, Clock clock) {
    this.topics = topics;
    this.results = results;
    this.mostBytes = mostBytes;
    this.clock = clock;
  }

  /**
   * The records to send.
   *
   * @param original the record that is settled
   * @param attempt how often its job was started, this time included
   */
  public List<ProducerRecord<byte[], byte[]>> of(
      ConsumerRecord<byte[], byte[]> original, int attempt, Settlement settlement) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(2);
    switch (settlement) {
      case Settlement.Ended ended -> records.add(result(ended.result(), original));
      case Settlement.Refused refused -> {
        records.add(deadLetter(original, attempt, refused.error()));
        refused.result().ifPresent(failed -> records.add(result(failed, original)));
      }
      case Settlement.SentAgain(Suspicion suspicion) -> records.add(copy(original, suspicion));
    }
    return records;
  }

  private ProducerRecord<byte[], byte[]> result(
      GenerationResult result, ConsumerRecord<byte[], byte[]> original) {
    byte[] value = JobCodec.encode(result);
    int limit = mostBytes - FRAMING;
    if (value.length > limit) {
      value = JobCodec.encode(results.tooLarge(result, value.length, limit));
    }
    if (value.length > limit) {
      // what its sender gave it is too large by itself
      value = JobCodec.encode(results.withoutMetadata(result, value.length, limit));
    }
    Headers headers = new RecordHeaders();
    TraceContext.of(original.headers()).addTo(headers);
    return new ProducerRecord<>(
        topics.results(), null, result.jobId().getBytes(UTF_8), value, headers);
  }

  /** The same key, value, headers and time, and what is known of the record. */
  private ProducerRecord<byte[], byte[]> copy(
      ConsumerRecord<byte[], byte[]> original, Suspicion suspicion) {
    Headers headers = new RecordHeaders(original.headers().toArray());
    suspicion.addTo(headers);
    Long timestamp = suspicion.timestamp() < 0 ? null : suspicion.timestamp();
    return new ProducerRecord<>(
        topics.jobs(), null, timestamp, original.key(), original.value(), headers);
  }

  /** Original key, value and headers, then the reason; see {@link DeadLetterHeader}. */
  private ProducerRecord<byte[], byte[]> deadLetter(
      ConsumerRecord<byte[], byte[]> original, int attempt, JobError error) {
    CarriedContent carried = CarriedContent.of(original, mostBytes - FRAMING);
    Headers headers = new RecordHeaders(carried.headers());
    // a replayed record may die again: what it brought of its first death is out of date
    for (DeadLetterHeader header : DeadLetterHeader.values()) {
      headers.remove(header.key());
    }
    Suspicion.removeFrom(headers);
    Suspicion first = Suspicion.of(original);
    add(headers, DeadLetterHeader.ORIGINAL_TOPIC, original.topic());
    add(headers, DeadLetterHeader.ORIGINAL_PARTITION, String.valueOf(first.partition()));
    add(headers, DeadLetterHeader.ORIGINAL_OFFSET, String.valueOf(first.offset()));
    add(headers, DeadLetterHeader.ORIGINAL_TIMESTAMP, String.valueOf(first.timestamp()));
    if (carried.key() != null) {
      headers.add(DeadLetterHeader.ORIGINAL_KEY.key(), carried.key());
    }
    add(headers, DeadLetterHeader.ATTEMPT, String.valueOf(attempt));
    add(headers, DeadLetterHeader.ERROR_CODE, error.code().wireName());
    add(headers, DeadLetterHeader.ERROR_MESSAGE, error.message() + carried.leftOut());
    add(headers, DeadLetterHeader.ERROR_PATH, error.path());
    add(headers, DeadLetterHeader.WORKER, results.worker());
    add(headers, DeadLetterHeader.TIME, clock.instant().toString());
    return new ProducerRecord<>(
        topics.deadLetters(), null, carried.key(), carried.value(), headers);
  }

  private static void add(Headers headers, DeadLetterHeader header, String value) {
    headers.add(header.key(), value.getBytes(UTF_8));
  }
}
