package io.sedd.worker.publishing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobProgress;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends progress records from a thread of its own: a send may block while the broker is away, and
 * progress must never hold up a step. What waits is bounded: a newer report of a sample takes the
 * place of an older one, and beyond {@value #CAPACITY} samples reports are dropped; both are
 * counted. Progress is outside the transactions, so it may be doubled or missing after a fault.
 */
public final class ProgressPublisher implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ProgressPublisher.class);
  private static final int CAPACITY = 1024;

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final WorkerMetrics metrics;

  /** From the denoising threads to the sending one. */
  private final NewestReports waiting = new NewestReports(CAPACITY);

  private final Thread sender;

  /** A publisher that runs; owns the producer. */
  public ProgressPublisher(Producer<byte[], byte[]> producer, String topic, WorkerMetrics metrics) {
    this.producer = producer;
    this.topic = topic;
    this.metrics = metrics;
    this.sender = Thread.ofVirtual().name("sedd-progress").start(this::run);
  }

  /** Hands a report over; its record is made later, on the sending thread. Returns at once. */
  public void publish(ProgressReport report) {
    if (!waiting.put(report)) {
      metrics.count(Metric.PROGRESS_DROPPED);
    }
  }

  private void run() {
    try {
      while (true) {
        send(waiting.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(ProgressReport report) {
    JobProgress progress = report.content().get();
    Headers headers = new RecordHeaders();
    report.trace().addTo(headers);
    try {
      var _ =
          producer.send(
              new ProducerRecord<>(
                  topic,
                  null,
                  progress.jobId().getBytes(UTF_8),
                  JobCodec.encode(progress),
                  headers),
              (_, failure) -> {
                if (failure != null) {
                  dropped(failure);
                }
              });
    } catch (KafkaException e) {
      dropped(e);
    }
  }

  private void dropped(Exception why) {
    metrics.count(Metric.PROGRESS_DROPPED);
    log.debug("a progress record was dropped", why);
  }

  @Override
  public void close() {
    sender.interrupt();
    try {
      sender.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close();
  }
}
