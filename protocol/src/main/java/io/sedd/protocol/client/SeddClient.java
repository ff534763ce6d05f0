package io.sedd.protocol.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobCancellation;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends jobs to workers through Kafka and hears of their results.
 *
 * <pre>{@code
 * try (SeddClient client = SeddClient.open(ClientOptions.of("localhost:9092"))) {
 *   GenerationJob job = JobDefaults.job("story-17", List.of(new Text("Once"), new Blank(48)));
 *   CompletableFuture<GenerationResult> coming = client.send(job);
 *   coming.join().samples().forEach(sample -> System.out.println(sample.text()));
 * }
 * }</pre>
 *
 * <ul>
 *   <li>A job's future is complete with its result, whatever the {@linkplain
 *       GenerationResult#outcome outcome}; or it fails with a {@link DeadLetterException}, a {@link
 *       JobTimeoutException}, a {@link ClientClosedException}, or a plain {@link
 *       SeddClientException} where the broker did not take the job.
 *   <li>An id stands for one job: results are told apart by it alone. The second result that a
 *       share group may give for a job is dropped.
 *   <li>Cancelling a future gives the job's place back and forgets the job; {@link #cancel} stops
 *       the job itself.
 *   <li>It hears what is published while it is open, committed records only.
 * </ul>
 *
 * <p>Thread-safe. One thread, which it owns, reads the answers; what hangs on a future runs on
 * virtual threads and may block.
 */
public final class SeddClient implements AutoCloseable {

  /** What this class decides. */
  private static final Set<String> RESERVED =
      Set.of(
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          ProducerConfig.ACKS_CONFIG,
          ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);

  private static final Duration POLL = Duration.ofMillis(200);

  private final ClientOptions options;
  private final PendingJobs pending;
  private final Answers answers;
  private final AnswerFeed feed;
  private final Producer<byte[], byte[]> producer;
  private final Thread reader;
  private volatile boolean closing;

  private SeddClient(ClientOptions options) {
    JobTopics topics = options.topics();
    GivenProperties given = new GivenProperties(options.kafka(), RESERVED);
    String clientId = "sedd-client-" + UUID.randomUUID().toString().substring(0, 8);
    List<String> read = new ArrayList<>(List.of(topics.results(), topics.deadLetters()));
    options.progress().ifPresent(_ -> read.add(topics.progress()));
    this.options = options;
    this.pending = new PendingJobs(options.maxInFlight());
    this.answers = new Answers(pending, topics, options.progress());
    this.feed = new AnswerFeed(given, clientId, read, System::nanoTime);
    try {
      this.producer = producer(given, clientId);
    } catch (RuntimeException e) {
      feed.close();
      throw e;
    }
    this.reader = Thread.ofPlatform().daemon().name(clientId).start(this::read);
  }

  /**
   * Opens a client and waits until it would hear of a result.
   *
   * @throws IllegalArgumentException if a property is missing or not the caller's to set
   * @throws SeddClientException if no broker answers, it refuses, or a topic does not exist
   */
  public static SeddClient open(ClientOptions options) {
    try {
      return new SeddClient(options);
    } catch (KafkaException e) {
      throw new SeddClientException(
          "Kafka at " + options.kafka().get("bootstrap.servers") + ": " + reason(e), e);
    }
  }

  /** Kafka says "Failed to construct ..." and hides the reason below. */
  private static String reason(Throwable e) {
    return e.getCause() == null || e.getCause().getMessage() == null
        ? e.getMessage()
        : e.getMessage() + ": " + e.getCause().getMessage();
  }

  private static Producer<byte[], byte[]> producer(GivenProperties given, String clientId) {
    Map<String, Object> properties = given.ofProducer();
    properties.putIfAbsent(ProducerConfig.CLIENT_ID_CONFIG, clientId);
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    // with more, a partition whose leader is just being chosen may take a later batch as the first
    properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return new KafkaProducer<>(properties);
  }

  /**
   * Sends a job, after waiting for room among those in flight.
   *
   * @throws IllegalArgumentException if the job breaks the contract, or one of the same id is in
   *     flight
   * @throws SeddClientException if the client is closed or cannot read answers any more
   */
  public CompletableFuture<GenerationResult> send(GenerationJob job) throws InterruptedException {
    byte[] record = JobCodec.encode(job);
    PendingJob waiting = pending.add(job.id(), options.timeout().toNanos());
    try {
      var _ =
          producer.send(
              new ProducerRecord<>(options.topics().jobs(), job.id().getBytes(UTF_8), record),
              (_, failure) -> {
                if (failure != null) {
                  waiting.fail(notTaken(job.id(), failure));
                }
              });
    } catch (InterruptException e) {
      waiting.fail(notTaken(job.id(), e));
      throw interrupted(e);
    } catch (RuntimeException e) {
      waiting.fail(notTaken(job.id(), e));
    }
    return waiting.future();
  }

  /**
   * Sends a job and waits for its result.
   *
   * @throws IllegalArgumentException as {@link #send}
   * @throws SeddClientException if there is no result, of the kind that says why
   */
  public GenerationResult sendAndAwait(GenerationJob job) throws InterruptedException {
    try {
      return send(job).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SeddClientException why) {
        throw why;
      }
      throw new SeddClientException("waiting for " + job.id() + " failed", e.getCause());
    }
  }

  /**
   * Asks the workers to stop a job; returns when the broker has the request. The job's result, if
   * it comes in time, is a cancelled one with what was written by then.
   *
   * @throws SeddClientException if the broker does not take the request
   */
  public void cancel(String jobId) throws InterruptedException {
    byte[] record = JobCodec.encode(new JobCancellation(jobId));
    try {
      producer
          .send(new ProducerRecord<>(options.topics().control(), jobId.getBytes(UTF_8), record))
          .get();
    } catch (ExecutionException e) {
      throw notTaken("the cancellation of " + jobId, e.getCause());
    } catch (InterruptException e) {
      throw interrupted(e);
    } catch (KafkaException | IllegalStateException e) {
      throw notTaken("the cancellation of " + jobId, e);
    }
  }

  private static InterruptedException interrupted(InterruptException e) {
    boolean _ = Thread.interrupted(); // Kafka leaves the mark and throws: one of them is enough
    InterruptedException same = new InterruptedException(e.getMessage());
    same.initCause(e);
    return same;
  }

  private static SeddClientException notTaken(String what, Throwable e) {
    return new SeddClientException("the broker did not take " + what + ": " + reason(e), e);
  }

  /** The reading thread. */
  private void read() {
    try {
      while (!closing) {
        for (ConsumerRecord<byte[], byte[]> record : feed.next(POLL)) {
          answers.take(record, System.nanoTime());
        }
        giveUpThoseThatAreOverdue();
      }
    } catch (WakeupException _) {
      // closing
    } catch (RuntimeException e) {
      pending.end(new SeddClientException("answers cannot be read any more: " + reason(e), e));
    } finally {
      feed.close();
    }
  }

  private void giveUpThoseThatAreOverdue() {
    long now = System.nanoTime();
    for (PendingJob job : pending.all()) {
      job.givenUp(now)
          .ifPresentOrElse(
              why -> job.fail(new DeadLetterException(job.id(), why)),
              () -> {
                if (job.overdue(now)) {
                  job.fail(new JobTimeoutException(job.id(), options.timeout()));
                }
              });
    }
  }

  /**
   * Waits until the broker has what was sent, and hears no more: futures without an answer fail
   * with {@link ClientClosedException}. A second call does nothing.
   */
  @Override
  public void close() {
    try {
      producer.close();
    } finally {
      stopReading();
      pending.end(new ClientClosedException());
    }
  }

  private void stopReading() {
    closing = true;
    feed.wakeUp();
    boolean interrupted = false;
    while (reader.isAlive()) {
      try {
        reader.join();
      } catch (InterruptedException _) {
        interrupted = true; // the consumer has a limit for its closing, so this is not for long
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
