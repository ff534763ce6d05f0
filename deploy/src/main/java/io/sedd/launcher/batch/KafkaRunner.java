package io.sedd.launcher.batch;

import io.sedd.protocol.client.ClientClosedException;
import io.sedd.protocol.client.ClientOptions;
import io.sedd.protocol.client.DeadLetterException;
import io.sedd.protocol.client.JobTimeoutException;
import io.sedd.protocol.client.SeddClient;
import io.sedd.protocol.client.SeddClientException;
import io.sedd.protocol.job.GenerationResult;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Sends the jobs to workers. What a killed run had in flight is sent again by the next: at most
 * {@code maxInFlight} jobs are computed twice, and each has one line of results.
 */
final class KafkaRunner implements BatchRunner {

  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private final SeddClient client;
  private final int most;

  /** The first failure that ends the run; set by whatever thread meets it. */
  private final AtomicReference<RuntimeException> fault = new AtomicReference<>();

  KafkaRunner(ClientOptions options) {
    this.client = SeddClient.open(options);
    this.most = options.maxInFlight();
  }

  @Override
  public void run(JobFeed jobs, Endings endings) throws IOException, InterruptedException {
    // a permit is held until the job's line is written, which is later than its future's end
    Semaphore unwritten = new Semaphore(most);
    Optional<BatchLine.Wanted> next = jobs.next();
    while (next.isPresent()) {
      BatchLine.Wanted line = next.get();
      await(unwritten, 1);
      var _ =
          client
              .send(line.job())
              .whenComplete(
                  (result, failure) -> {
                    try {
                      end(endings, line, result, failure);
                    } catch (RuntimeException e) {
                      fault.compareAndSet(null, e);
                    } finally {
                      unwritten.release();
                    }
                  });
      next = jobs.next();
    }
    await(unwritten, most);
  }

  /** Waits for permits, and for nothing more once there is a fault. */
  private void await(Semaphore unwritten, int permits) throws InterruptedException {
    boolean taken = false;
    while (!taken) {
      taken = unwritten.tryAcquire(permits, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
      RuntimeException why = fault.get();
      if (why != null) {
        throw why;
      }
    }
  }

  private static void end(
      Endings endings, BatchLine.Wanted line, GenerationResult result, Throwable failure) {
    switch (failure) {
      case null -> endings.ended(line, result);
      case DeadLetterException dead ->
          endings.failed(line, dead.error().code().wireName(), dead.getMessage());
      case JobTimeoutException late -> endings.failed(line, "timeout", late.getMessage());
      case ClientClosedException closed -> throw closed;
      case SeddClientException other -> throw other;
      default ->
          throw new SeddClientException("waiting for " + line.job().id() + " failed", failure);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
