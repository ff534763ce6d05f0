package io.sedd.protocol.client;

import io.sedd.protocol.job.JobProgress;
import io.sedd.protocol.job.JobTopics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a client is to do. Immutable; each {@code with} gives a changed copy.
 *
 * @param kafka any property of Kafka's clients, {@code bootstrap.servers} at least; TLS and SASL as
 *     in every Kafka program
 * @param topics names of the topics
 * @param maxInFlight jobs that may be without an answer at one time; {@link SeddClient#send} waits
 *     for room
 * @param timeout a job without an answer for so long is given up
 * @param progress hears of the progress of this client's jobs that ask for it ({@code
 *     progressEvery}), on the reading thread: it must not block
 */
public record ClientOptions(
    Map<String, String> kafka,
    JobTopics topics,
    int maxInFlight,
    Duration timeout,
    Optional<Consumer<JobProgress>> progress) {

  public ClientOptions {
    kafka = Map.copyOf(kafka);
    if (maxInFlight < 1) {
      throw new IllegalArgumentException("maxInFlight must be at least 1, but is " + maxInFlight);
    }
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout must be a positive time, but is " + timeout);
    }
  }

  /** The usual topics, 256 jobs in flight, an hour for each, no progress. */
  public static ClientOptions of(Map<String, String> kafka) {
    return new ClientOptions(
        kafka, JobTopics.defaults(), 256, Duration.ofHours(1), Optional.empty());
  }

  /** The same for a broker without security, {@code host:port}. */
  public static ClientOptions of(String bootstrapServers) {
    return of(Map.of("bootstrap.servers", bootstrapServers));
  }

  /** With other topics. */
  public ClientOptions withTopics(JobTopics other) {
    return new ClientOptions(kafka, other, maxInFlight, timeout, progress);
  }

  /** With another bound. */
  public ClientOptions withMaxInFlight(int most) {
    return new ClientOptions(kafka, topics, most, timeout, progress);
  }

  /** With another time for each job. */
  public ClientOptions withTimeout(Duration limit) {
    return new ClientOptions(kafka, topics, maxInFlight, limit, progress);
  }

  /** With a listener. */
  public ClientOptions withProgress(Consumer<JobProgress> listener) {
    return new ClientOptions(kafka, topics, maxInFlight, timeout, Optional.of(listener));
  }
}
