package io.sedd.worker.intake;

import io.sedd.worker.kafka.KafkaClients;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.SettlementRecords;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * What a source of jobs works with, whatever its kind.
 *
 * @param reader of the records' values
 * @param records what is published about a settled record
 * @param told hears of the records that the source settles by itself
 * @param onFailure told, on the source's thread, of a fault that ends it
 */
public record SourceParts(
    KafkaClients clients,
    JobReader reader,
    SettlementRecords records,
    WorkerMetrics metrics,
    Clock clock,
    Settlements told,
    Consumer<Throwable> onFailure) {}
