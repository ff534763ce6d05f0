package io.sedd.worker.intake;

import io.sedd.worker.kafka.LoneStarts;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.AcknowledgedPublisher;
import io.sedd.worker.publishing.SettlementCounts;
import io.sedd.worker.publishing.SettlementRecords;
import io.sedd.worker.publishing.Suspicion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what one lane has settled, and keeps it while the broker does not take it. Owned by the
 * lane's thread.
 */
final class LanePublishing {

  private static final Logger log = LoggerFactory.getLogger(LanePublishing.class);

  /** Pause between tries while the broker does not take results. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final AcknowledgedPublisher publisher;
  private final LoneStarts loneStarts;
  private final SettlementRecords records;
  private final WorkerMetrics metrics;
  private final SettlementCounts counts;

  private Optional<String> trouble = Optional.empty();
  private long nextTry;

  LanePublishing(
      AcknowledgedPublisher publisher,
      LoneStarts loneStarts,
      SettlementRecords records,
      WorkerMetrics metrics) {
    this.publisher = publisher;
    this.loneStarts = loneStarts;
    this.records = records;
    this.metrics = metrics;
    this.counts = new SettlementCounts(metrics);
  }

  /** What the last publication failed of, until one succeeds. */
  Optional<String> trouble() {
    return trouble;
  }

  /** A record that is settled. */
  record Outgoing(HeldRecord held, Settled settled) {}

  /**
   * Publishes.
   *
   * @return whether the broker has all of it
   * @throws KafkaException if trying again would not help
   */
  boolean publish(List<Outgoing> outgoing) throws InterruptedException {
    if (trouble.isPresent() && System.nanoTime() - nextTry < 0) {
      return false;
    }
    List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
    for (Outgoing one : outgoing) {
      all.addAll(records.of(one.held().record(), one.held().attempt(), one.settled().settlement()));
    }
    long begin = System.nanoTime();
    try {
      publisher.publish(all);
    } catch (KafkaException e) {
      FatalFaults.rethrow(e);
      metrics.count(Metric.COMMIT_FAILURES);
      String why = "the broker does not take results: " + FatalFaults.explain(e);
      if (trouble.isEmpty()) {
        log.warn("{}; they are kept and tried again", why, e);
      }
      trouble = Optional.of(why);
      nextTry = System.nanoTime() + PAUSE.toNanos();
      return false;
    }
    metrics.observeNanos(Metric.COMMIT_SECONDS, System.nanoTime() - begin);
    trouble = Optional.empty();
    for (Outgoing one : outgoing) {
      counts.count(one.settled().settlement());
      if (Suspicion.of(one.held().record()).suspect()) {
        RecordPosition position = one.settled().position();
        loneStarts.forget(position.partition(), position.offset());
      }
    }
    return true;
  }
}
