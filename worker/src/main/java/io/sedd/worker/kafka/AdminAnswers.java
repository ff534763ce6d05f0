package io.sedd.worker.kafka;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** Waits for what an admin client was asked. */
public final class AdminAnswers {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private AdminAnswers() {}

  /**
   * The answer.
   *
   * @throws KafkaException what the broker answered instead, or that it did not
   */
  public static <T> T of(KafkaFuture<T> answer) throws InterruptedException {
    try {
      return answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException refusal
          ? refusal
          : new KafkaException(e.getCause());
    } catch (TimeoutException _) {
      throw new KafkaException("no answer within " + LIMIT.toSeconds() + " s");
    }
  }
}
