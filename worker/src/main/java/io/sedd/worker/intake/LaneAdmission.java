package io.sedd.worker.intake;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobError;
import io.sedd.worker.kafka.LoneStarts;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.publishing.Suspicion;
import io.sedd.worker.publishing.TraceContext;
import java.time.Clock;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What becomes of a record of a share group.
 *
 * <p>The broker counts how often a record was acquired, and the count rises for all that a dying
 * worker held, started or not. So it is a suspicion, never a verdict:
 *
 * <ul>
 *   <li>in its first two deliveries a job runs in company;
 *   <li>at any later one it is sent again: the copy has a fresh count, so that the broker never
 *       gives it up, and a header by which it runs alone from then on;
 *   <li>starts alone are counted for themselves ({@link LoneStarts}), and only a job that was alone
 *       each time its worker ended is a dead letter.
 * </ul>
 *
 * <p>A job that ends every worker so costs at most {@link Delivery#STARTS_IN_COMPANY} and {@link
 * ShareGroupSettings#mostLoneStarts} of them.
 */
record LaneAdmission(
    ShareGroupSettings settings, JobReader reader, LoneStarts loneStarts, Clock clock) {

  sealed interface Verdict {

    /** It is settled without being run; so many starts had no end, and one. */
    record Ends(int attempt, Settlement settlement) implements Verdict {}

    /** It is to be run. */
    record Waits(Delivery delivery) implements Verdict {}
  }

  /**
   * Judges.
   *
   * @throws org.apache.kafka.common.KafkaException if the broker does not say how often the record
   *     was started alone
   */
  Verdict of(RecordPosition position, ConsumerRecord<byte[], byte[]> record) {
    int deliveries = record.deliveryCount().orElse((short) 1);
    Suspicion suspicion = Suspicion.of(record);
    return switch (reader.read(record.value())) {
      case JobReader.Reading.Invalid(var refusal) -> new Verdict.Ends(deliveries, refusal);
      case JobReader.Reading.Valid(var job, int length) -> {
        int lone = loneStarts(suspicion, position, deliveries);
        // of what came before its copy nobody knows whether it was a start
        int attempt = suspicion.suspect() ? lone + 1 : deliveries;
        if (lone >= settings.mostLoneStarts()) {
          yield new Verdict.Ends(attempt, dead(job, lone));
        }
        if (deliveries > Delivery.STARTS_IN_COMPANY) {
          yield new Verdict.Ends(attempt, new Settlement.SentAgain(suspicion.with(lone)));
        }
        yield new Verdict.Waits(
            new Delivery(
                position,
                job,
                length,
                attempt,
                suspicion.suspect(),
                clock.instant(),
                Instant.ofEpochMilli(suspicion.timestamp()),
                TraceContext.of(record.headers())));
      }
    };
  }

  /** Nobody had a record before its first delivery: the broker need not be asked. */
  private int loneStarts(Suspicion suspicion, RecordPosition position, int deliveries) {
    return suspicion.suspect() && deliveries > 1
        ? Math.max(suspicion.loneStarts(), loneStarts.of(position.partition(), position.offset()))
        : suspicion.loneStarts();
  }

  private Settlement dead(GenerationJob job, int lone) {
    return reader.refusal(
        job,
        new JobError(
            JobError.Code.INTERNAL,
            "the job was delivered %d times without an end, and then its worker ended %d times while it ran alone"
                .formatted(Delivery.STARTS_IN_COMPANY, lone),
            "$"));
  }
}
