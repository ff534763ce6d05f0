package io.sedd.worker.scheduling;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.JobLimits;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(BrokerExtension.class)
class ControlListenerTest {

  private final Map<String, GenerationResult> ended = new ConcurrentHashMap<>();
  private final JobScheduler scheduler =
      new JobScheduler(
          new QueueSettings(1 << 20, Duration.ofSeconds(30)),
          64,
          (_, settlement) -> ended((Settlement.Ended) settlement),
          new Results("w"),
          new WorkerMetrics(),
          Clock.systemUTC());

  private void ended(Settlement.Ended settlement) {
    ended.put(settlement.result().jobId(), settlement.result());
  }

  @Test
  void aCancellationThatWasSentBeforeTheWorkerBeganIsHeard(KafkaSite site) {
    site.cancel("unwanted");
    try (ControlListener _ = listener(site)) {
      accept("unwanted");
      awaitCancelled("unwanted");
    }
  }

  @Test
  void aCancellationThatIsSentWhileTheJobWaitsIsHeard(KafkaSite site) {
    try (ControlListener _ = listener(site)) {
      accept("unwanted");
      accept("wanted");
      site.cancel("unwanted");
      awaitCancelled("unwanted");
      assertEquals(1, ended.size());
    }
  }

  private ControlListener listener(KafkaSite site) {
    return new ControlListener(
        site.clients("w").plainConsumer(),
        site.topics().control(),
        JobLimits.defaults(),
        scheduler,
        new WorkerMetrics(),
        Instant.now());
  }

  private void accept(String id) {
    Instant now = Instant.now();
    scheduler.accept(
        new Delivery(
            new RecordPosition(0, id.hashCode(), 1), Jobs.job(id), 8, 1, now, Instant.EPOCH));
  }

  private void awaitCancelled(String id) {
    await().atMost(KafkaSite.LIMIT).until(() -> ended.containsKey(id));
    assertEquals(Outcome.CANCELLED, ended.get(id).outcome());
  }
}
