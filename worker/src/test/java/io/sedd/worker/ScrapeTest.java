package io.sedd.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.metrics.Exposition;
import io.sedd.worker.metrics.Metric;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The metrics page of a worker at work, as a scraper sees it. */
@ExtendWith(BrokerExtension.class)
class ScrapeTest {

  private static final int JOBS = 300;

  @Test
  void everyPageUnderLoadIsStrictlyTheFormatAndNoCounterFalls(
      KafkaSite site, @TempDir Path checkpoints) throws Exception {
    TinyCheckpoints.publish(new FileSystemCheckpointStore(checkpoints), "first", 1);
    try (Worker worker = RunningWorker.start(site, checkpoints)) {
      site.send(Jobs.jobs("job", JOBS));
      Exposition last = scrape(worker);
      int scrapes = 1;
      while (completed(last) < JOBS) {
        Exposition next = scrape(worker);
        assertNoCounterFell(last, next);
        last = next;
        scrapes++;
      }
      assertTrue(scrapes > 1, "the load was over before the second scrape");
      assertEquals(JOBS, completed(last));
      assertEquals(JOBS, value(last, "sedd_job_queue_seconds_count{}"));
      assertEquals(8 * JOBS, value(last, "sedd_tokens_generated_total{}"));
      assertEquals(0, value(last, "sedd_backlog_token_steps{}"));
      for (Metric metric : Metric.values()) {
        // the reference backend has no memory of its own to tell of
        assertEquals(
            metric != Metric.DEVICE_MEMORY,
            last.types().containsKey(metric.fullName()),
            metric::fullName);
      }
      for (String usual :
          new String[] {"process_cpu_seconds_total", "jvm_memory_bytes_used", "jvm_info"}) {
        assertTrue(last.types().containsKey(usual), usual);
      }
    }
  }

  private static Exposition scrape(Worker worker) throws Exception {
    HttpResponse<String> page = RunningWorker.get(worker, "/metrics");
    assertEquals(200, page.statusCode());
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        page.headers().firstValue("Content-Type").orElseThrow());
    return new Exposition(page.body());
  }

  private static void assertNoCounterFell(Exposition before, Exposition after) {
    before
        .samples()
        .forEach(
            (series, value) -> {
              String family = series.substring(0, series.indexOf('{'));
              if ("counter".equals(before.types().get(family))) {
                assertTrue(value(after, series) >= value, series);
              }
            });
  }

  private static double completed(Exposition page) {
    return page.samples().entrySet().stream()
        .filter(sample -> sample.getKey().startsWith("sedd_jobs_total{"))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private static double value(Exposition page, String series) {
    Double value = page.samples().get(series);
    assertTrue(value != null, () -> "no series " + series);
    return value;
  }
}
