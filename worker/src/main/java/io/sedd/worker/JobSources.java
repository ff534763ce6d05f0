package io.sedd.worker;

import io.sedd.worker.configuration.WorkerConfiguration;
import io.sedd.worker.intake.IntakeSettings;
import io.sedd.worker.intake.JobReader;
import io.sedd.worker.intake.JobSource;
import io.sedd.worker.intake.ShareGroupSettings;
import io.sedd.worker.intake.ShareGroupSource;
import io.sedd.worker.intake.TransactionalJobSource;
import io.sedd.worker.kafka.KafkaClients;
import io.sedd.worker.kafka.ShareGroupCheck;
import io.sedd.worker.kafka.ShareGroupTerms;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.SettlementRecords;
import java.time.Clock;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/** Opens the source of jobs that the configuration asks for. */
record JobSources(
    WorkerConfiguration configuration,
    KafkaClients clients,
    WorkerMetrics metrics,
    Clock clock,
    Consumer<Throwable> onFailure) {

  /**
   * A source that is not started.
   *
   * @param admin for looking at the share group; stays the caller's
   * @throws IllegalStateException if the share group would lose jobs
   */
  JobSource open(Admin admin, JobReader reader, SettlementRecords records)
      throws InterruptedException {
    WorkerConfiguration.Delivery delivery = configuration.delivery();
    String topic = configuration.topics().jobs();
    return switch (delivery.mode()) {
      case EXACTLY_ONCE ->
          new TransactionalJobSource(
              clients,
              new IntakeSettings(topic, delivery.maxAttempts(), delivery.drainLimit()),
              reader,
              records,
              metrics,
              clock,
              onFailure);
      case SHARE_GROUP -> {
        int deadAt = Math.min(delivery.maxAttempts() + 1, terms(admin).lastDelivery());
        yield new ShareGroupSource(
            clients,
            new ShareGroupSettings(topic, delivery.shareGroup().lanes(), deadAt),
            reader,
            records,
            metrics,
            clock,
            onFailure);
      }
    };
  }

  private ShareGroupTerms terms(Admin admin) throws InterruptedException {
    ShareGroupCheck check =
        new ShareGroupCheck(
            admin,
            configuration.topics(),
            configuration.group(),
            configuration.kafka().get("bootstrap.servers"));
    if (configuration.delivery().shareGroup().configure()) {
      check.configure();
    }
    return check.require();
  }
}
