package io.sedd.worker.delivery;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.metrics.Metric;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What waits on the broker waits there, and not in the worker's heap. */
@ExtendWith(BrokerExtension.class)
@SuppressWarnings("try") // closing a worker may be interrupted
class BacklogMemoryTest {

  private static final int BACKLOG = 100_000;
  private static final long MEBIBYTE = 1 << 20;

  /**
   * A worker whose jobs never end, in front of a backlog that would take 300 MB of heap if it were
   * taken in: its part of the heap stays below a tenth of that, and stops growing.
   */
  @Test
  void aBacklogDoesNotGrowTheHeap(KafkaSite site) throws Exception {
    site.send(BenchedWorker.jobs("job", 100));
    try (EchoWorker worker = new EchoWorker(site, "w", _ -> true)) {
      await().atMost(KafkaSite.LIMIT).until(() -> !worker.started().isEmpty());
      long few = UsedHeap.afterCollection();
      BacklogSender.send(site, BACKLOG);
      await()
          .atMost(KafkaSite.LIMIT)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> worker.metrics().value(Metric.PARTITIONS_PAUSED) == 4);
      long many = UsedHeap.afterCollection();
      assertTrue(
          many - few < 64 * MEBIBYTE,
          () -> (many - few) / MEBIBYTE + " MiB for " + BACKLOG + " jobs");
    }
  }
}
