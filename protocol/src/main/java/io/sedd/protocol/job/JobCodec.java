package io.sedd.protocol.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;

/**
 * The messages as they stand in Kafka records: UTF-8 JSON, described by the files in {@code
 * schemas/}. Reading is strict: a field that the contract does not know, a wrong type, a value out
 * of range is an error with its JSON path, and nothing is guessed or clamped.
 *
 * <p>Three rules of the codec cannot be said in a schema file: the record's size, no key twice, and
 * the sum of a template's blanks. What needs a tokenizer or the network's length ({@link
 * JobError.Code#TOO_LONG}, {@link JobError.Code#NOT_TOKENIZABLE}, {@link
 * JobError.Code#UNKNOWN_TOKEN}) is the worker's to check.
 */
public final class JobCodec {

  private JobCodec() {}

  /**
   * Reads a job.
   *
   * @param record value of a record of the jobs topic; {@code null} is unreadable
   */
  public static Decoded<GenerationJob> decodeJob(byte[] record, JobLimits limits) {
    return decode(record, limits.recordBytes(), JobReader::read);
  }

  /**
   * Reads a cancellation.
   *
   * @param record value of a record of the control topic; {@code null} is unreadable
   */
  public static Decoded<JobCancellation> decodeCancellation(byte[] record, JobLimits limits) {
    return decode(record, limits.recordBytes(), EventReader::cancellation);
  }

  /** Reads a result, of any size: it comes from a worker. */
  public static Decoded<GenerationResult> decodeResult(byte[] record) {
    return decode(record, Integer.MAX_VALUE, ResultReader::read);
  }

  /** Reads a progress record, of any size: it comes from a worker. */
  public static Decoded<JobProgress> decodeProgress(byte[] record) {
    return decode(record, Integer.MAX_VALUE, EventReader::progress);
  }

  /**
   * Writes a job, defaults included.
   *
   * @throws IllegalArgumentException if the job breaks the contract, so that a submitter hears of
   *     it at once and not from the results topic
   */
  public static byte[] encode(GenerationJob job) {
    byte[] record = StrictJson.write(json -> MessageWriter.job(json, job));
    var _ = decode(record, Integer.MAX_VALUE, JobReader::read).orElseThrow();
    return record;
  }

  /**
   * Writes a result.
   *
   * @throws IllegalArgumentException if a text in it is no Unicode
   */
  public static byte[] encode(GenerationResult result) {
    return StrictJson.write(json -> MessageWriter.result(json, result));
  }

  /**
   * Writes a progress record.
   *
   * @throws IllegalArgumentException if a text in it is no Unicode
   */
  public static byte[] encode(JobProgress progress) {
    return StrictJson.write(json -> MessageWriter.progress(json, progress));
  }

  /**
   * Writes a cancellation.
   *
   * @throws IllegalArgumentException if the id is no Unicode
   */
  public static byte[] encode(JobCancellation cancellation) {
    return StrictJson.write(json -> MessageWriter.cancellation(json, cancellation));
  }

  private static <M> Decoded<M> decode(
      byte[] record, int mostBytes, Function<ObjectNode, Decoded<M>> reader) {
    try {
      return reader.apply(StrictJson.read(record, mostBytes));
    } catch (StrictJson.NoObjectException e) {
      return new Decoded.Unreadable<>(e.error());
    }
  }
}
