package io.sedd.worker.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.protocol.job.Decoded;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobError;
import io.sedd.protocol.job.JobLimits;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts jobs that a person writes on the page onto the jobs topic, as any other sender would. Ids
 * are made here, so that the page knows its own jobs. Thread-safe; no call blocks: a send may,
 * while the broker is away, and has a thread of its own. Owns the producer.
 */
public final class PageJobs implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PageJobs.class);

  private static final String PREFIX = "page-";

  /** Sends that the broker has not confirmed; more are refused. */
  private static final int MOST_ON_THE_WAY = 8;

  /** What came of a job. */
  public sealed interface Answer {

    /** The broker has it. */
    record Sent(String id) implements Answer {}

    /** It is no valid job; the errors as a worker would find them. */
    record Refused(List<JobError> errors) implements Answer {}

    /**
     * It could not be sent.
     *
     * @param why one sentence
     */
    record NotSent(String why) implements Answer {}
  }

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final JobLimits limits;
  private final Supplier<String> ids;
  private final Semaphore onTheWay = new Semaphore(MOST_ON_THE_WAY);

  /**
   * @param ids unique ones, of letters, digits and hyphens
   */
  public PageJobs(
      Producer<byte[], byte[]> producer, String topic, JobLimits limits, Supplier<String> ids) {
    this.producer = producer;
    this.topic = topic;
    this.limits = limits;
    this.ids = ids;
  }

  /** Whether a job was sent from a page, this worker's or another's. */
  static boolean isFromThePage(String jobId) {
    return jobId.startsWith(PREFIX);
  }

  /**
   * Sends a job.
   *
   * @param written the job as JSON, without an id
   */
  public CompletableFuture<Answer> send(String written) {
    JsonObject json;
    try {
      json = new JsonObject(written);
    } catch (DecodeException | ClassCastException _) {
      return refused(JobError.Code.NOT_JSON, "the job is not a JSON object", "$");
    }
    if (json.containsKey("id")) {
      return refused(
          JobError.Code.UNKNOWN_FIELD, "the page names its jobs itself; leave id out", "$.id");
    }
    String id = PREFIX + ids.get();
    return switch (JobCodec.decodeJob(json.put("id", id).encode().getBytes(UTF_8), limits)) {
      case Decoded.Valid<GenerationJob>(GenerationJob job) -> send(job);
      case Decoded.Refused<GenerationJob> refused -> done(new Answer.Refused(refused.errors()));
      case Decoded.Unreadable<GenerationJob>(JobError error) ->
          done(new Answer.Refused(List.of(error)));
    };
  }

  private static CompletableFuture<Answer> refused(JobError.Code code, String why, String path) {
    return done(new Answer.Refused(List.of(new JobError(code, why, path))));
  }

  private static CompletableFuture<Answer> done(Answer answer) {
    return CompletableFuture.completedFuture(answer);
  }

  private CompletableFuture<Answer> send(GenerationJob job) {
    if (!onTheWay.tryAcquire()) {
      return done(
          new Answer.NotSent(
              "the broker has not taken the last %d jobs yet; try again in a moment"
                  .formatted(MOST_ON_THE_WAY)));
    }
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    var _ = answer.whenComplete((_, _) -> onTheWay.release());
    Thread.ofVirtual().name("sedd-page-send").start(() -> send(job, answer));
    return answer;
  }

  private void send(GenerationJob job, CompletableFuture<Answer> answer) {
    try {
      var _ =
          producer.send(
              new ProducerRecord<>(topic, job.id().getBytes(UTF_8), JobCodec.encode(job)),
              (_, failure) ->
                  answer.complete(failure == null ? new Answer.Sent(job.id()) : notSent(failure)));
    } catch (RuntimeException e) {
      answer.complete(notSent(e));
    }
  }

  private static Answer notSent(Exception failure) {
    log.warn("a job of the page was not sent", failure);
    return new Answer.NotSent("the broker did not take the job: " + failure.getMessage());
  }

  @Override
  public void close() {
    producer.close();
  }
}
