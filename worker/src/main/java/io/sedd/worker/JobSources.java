package io.sedd.worker;

import io.sedd.worker.configuration.WorkerConfiguration;
import io.sedd.worker.intake.IntakeSettings;
import io.sedd.worker.intake.JobSource;
import io.sedd.worker.intake.ShareGroupSettings;
import io.sedd.worker.intake.ShareGroupSource;
import io.sedd.worker.intake.SourceParts;
import io.sedd.worker.intake.TransactionalJobSource;
import io.sedd.worker.kafka.ShareGroupCheck;
import org.apache.kafka.clients.admin.Admin;

/** Opens the source of jobs that the configuration asks for. */
record JobSources(WorkerConfiguration configuration, SourceParts parts) {

  /**
   * A source that is not started.
   *
   * @param admin for looking at the share group; stays the caller's
   * @throws IllegalStateException if the share group would lose jobs
   */
  JobSource open(Admin admin) throws InterruptedException {
    WorkerConfiguration.Delivery delivery = configuration.delivery();
    String topic = configuration.topics().jobs();
    return switch (delivery.mode()) {
      case EXACTLY_ONCE ->
          new TransactionalJobSource(
              parts, new IntakeSettings(topic, delivery.maxAttempts(), delivery.drainLimit()));
      case SHARE_GROUP -> {
        requireTerms(admin);
        yield new ShareGroupSource(
            parts,
            new ShareGroupSettings(
                topic,
                configuration.group(),
                delivery.shareGroup().lanes(),
                delivery.maxAttempts()));
      }
    };
  }

  private void requireTerms(Admin admin) throws InterruptedException {
    ShareGroupCheck check =
        new ShareGroupCheck(
            admin,
            configuration.topics(),
            configuration.group(),
            configuration.kafka().get("bootstrap.servers"));
    if (configuration.delivery().shareGroup().configure()) {
      check.configure();
    }
    var _ = check.require();
  }
}
