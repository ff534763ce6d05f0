package io.sedd.protocol.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.protocol.job.DeadLetterHeader;
import io.sedd.protocol.job.Decoded;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobError;
import io.sedd.protocol.job.JobProgress;
import io.sedd.protocol.job.JobTopics;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Which job a record answers: by the job's id, whatever partition it came on. A job that has its
 * answer is forgotten, so a second result, as a share group may give, changes nothing. Records of
 * other senders' jobs are passed over.
 */
final class Answers {

  /**
   * A refused job gets a dead letter and a failed result, which may come in this order; the result
   * says more.
   */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private static final System.Logger log = System.getLogger(Answers.class.getName());

  private final PendingJobs pending;
  private final JobTopics topics;
  private final Optional<Consumer<JobProgress>> listener;

  Answers(PendingJobs pending, JobTopics topics, Optional<Consumer<JobProgress>> listener) {
    this.pending = pending;
    this.topics = topics;
    this.listener = listener;
  }

  void take(ConsumerRecord<byte[], byte[]> record, long now) {
    if (record.key() == null) {
      return; // every answer has the job's id as its key
    }
    pending
        .find(new String(record.key(), UTF_8))
        .ifPresent(
            job -> {
              if (record.topic().equals(topics.results())) {
                result(job, record);
              } else if (record.topic().equals(topics.deadLetters())) {
                deadLetter(job, record, now);
              } else {
                progress(record);
              }
            });
  }

  private void result(PendingJob job, ConsumerRecord<byte[], byte[]> record) {
    switch (JobCodec.decodeResult(record.value())) {
      case Decoded.Valid<GenerationResult>(GenerationResult result) -> job.answer(result);
      case Decoded.Refused<GenerationResult> refused ->
          job.fail(unreadable(job, record, refused.first()));
      case Decoded.Unreadable<GenerationResult>(JobError error) ->
          job.fail(unreadable(job, record, error));
    }
  }

  private static SeddClientException unreadable(
      PendingJob job, ConsumerRecord<byte[], byte[]> record, JobError error) {
    return new SeddClientException(
        "the result of %s (%s-%d, offset %d) cannot be read, %s: %s; is the worker newer than this client?"
            .formatted(
                job.id(),
                record.topic(),
                record.partition(),
                record.offset(),
                error.path(),
                error.message()));
  }

  private static void deadLetter(PendingJob job, ConsumerRecord<byte[], byte[]> record, long now) {
    Optional<String> code = header(record, DeadLetterHeader.ERROR_CODE);
    if (code.isEmpty()) {
      return; // the mark of a replay
    }
    String message = header(record, DeadLetterHeader.ERROR_MESSAGE).orElse("no reason is given");
    String path = header(record, DeadLetterHeader.ERROR_PATH).orElse("$");
    JobError error =
        Arrays.stream(JobError.Code.values())
            .filter(known -> known.wireName().equals(code.get()))
            .findFirst()
            .map(known -> new JobError(known, message, path))
            .orElseGet(
                () -> new JobError(JobError.Code.INTERNAL, code.get() + ": " + message, path));
    job.deadLetter(error, now + GRACE.toNanos());
  }

  private static Optional<String> header(
      ConsumerRecord<byte[], byte[]> record, DeadLetterHeader name) {
    Header header = record.headers().lastHeader(name.key());
    return header == null ? Optional.empty() : Optional.of(new String(header.value(), UTF_8));
  }

  private void progress(ConsumerRecord<byte[], byte[]> record) {
    if (listener.isPresent()
        && JobCodec.decodeProgress(record.value())
            instanceof Decoded.Valid<JobProgress>(JobProgress progress)) {
      try {
        listener.get().accept(progress);
      } catch (RuntimeException e) {
        // it must not take the results of all jobs along
        log.log(System.Logger.Level.WARNING, "the progress listener failed", e);
      }
    }
  }
}
