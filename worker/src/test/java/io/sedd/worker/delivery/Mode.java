package io.sedd.worker.delivery;

import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.intake.IntakeSettings;
import io.sedd.worker.intake.JobReader;
import io.sedd.worker.intake.JobSource;
import io.sedd.worker.intake.ShareGroupSettings;
import io.sedd.worker.intake.ShareGroupSource;
import io.sedd.worker.intake.SourceParts;
import io.sedd.worker.intake.TransactionalJobSource;
import io.sedd.worker.kafka.KafkaClients;
import io.sedd.worker.kafka.ShareGroupCheck;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.SettlementRecords;
import java.time.Clock;
import java.time.Duration;

/** The delivery modes, for tests that hold in both. */
enum Mode {
  EXACTLY_ONCE,
  SHARE_GROUP;

  /** Makes the group ready for its first worker. */
  void prepare(KafkaSite site) throws InterruptedException {
    if (this == SHARE_GROUP) {
      new ShareGroupCheck(site.admin(), site.topics(), site.group(), site.bootstrapServers())
          .configure();
    }
  }

  /** A source that is not started; tells nobody of its failures. */
  JobSource source(
      KafkaSite site,
      KafkaClients clients,
      JobReader reader,
      SettlementRecords records,
      WorkerMetrics metrics,
      int maxAttempts,
      int lanes) {
    String topic = site.topics().jobs();
    SourceParts parts =
        new SourceParts(
            clients, reader, records, metrics, Clock.systemUTC(), (_, _) -> {}, _ -> {});
    return switch (this) {
      case EXACTLY_ONCE ->
          new TransactionalJobSource(
              parts, new IntakeSettings(topic, maxAttempts, Duration.ofSeconds(2)));
      case SHARE_GROUP ->
          new ShareGroupSource(
              parts, new ShareGroupSettings(topic, site.group(), lanes, maxAttempts));
    };
  }
}
