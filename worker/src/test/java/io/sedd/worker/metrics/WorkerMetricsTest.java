package io.sedd.worker.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.sampling.Phase;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobError;
import io.sedd.worker.canary.CanaryMetric;
import io.sedd.worker.publishing.JobKind;
import io.sedd.worker.scheduling.JobFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkerMetricsTest {

  @Test
  void everyMetricIsOnThePageOnceItHasAValue() {
    WorkerMetrics metrics = new WorkerMetrics();
    for (Metric metric : Metric.values()) {
      String[] labels = Collections.nCopies(metric.labels().size(), "x").toArray(String[]::new);
      switch (metric.kind()) {
        case COUNTER -> metrics.count(metric, labels);
        case GAUGE -> metrics.set(metric, 1, labels);
        case SECONDS -> metrics.observeMillis(metric, 1500, labels);
      }
    }
    String page = metrics.page(Set.of());
    for (Metric metric : Metric.values()) {
      assertTrue(page.contains("# HELP " + metric.fullName() + " "), metric::fullName);
    }
  }

  @Test
  void everySeriesOfAClosedSetIsThereFromTheStart() {
    String page = new WorkerMetrics().page(Set.of());
    for (Metric metric : Metric.values()) {
      boolean named = metric.fullName().endsWith("_info") && metric != Metric.BUILD_INFO;
      // not every device has memory of its own
      assertEquals(
          !named && metric != Metric.DEVICE_MEMORY,
          page.lines().anyMatch(line -> line.matches(metric.fullName() + "(_count)?[ {].*")),
          metric::fullName);
    }
    assertTrue(page.contains("sedd_dead_letters_total{reason=\"device\",} 0.0"), page);
  }

  @Test
  void theFirstSeriesAreThoseThatTheCodeCounts() {
    assertEquals(names(GenerationResult.Outcome.values()), FirstSeries.JOB_OUTCOMES);
    assertEquals(names(JobKind.values()), FirstSeries.JOB_KINDS);
    assertEquals(names(Phase.values()), FirstSeries.PHASES);
    assertEquals(names(JobFailure.Reason.values()), FirstSeries.RETRY_REASONS);
    assertEquals(names(JobError.Code.values()), FirstSeries.ERROR_CODES);
    assertEquals(names(CanaryMetric.values()), FirstSeries.CANARY_METRICS);
  }

  /** As labels have them. */
  private static List<String> names(Enum<?>[] values) {
    return Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
  }

  @Test
  void namesKeepToTheConventions() {
    for (Metric metric : Metric.values()) {
      String name = metric.fullName();
      assertTrue(name.matches("sedd(_[a-z]+)+"), name);
      assertEquals(metric.kind() == Metric.Kind.COUNTER, name.endsWith("_total"), name);
      assertEquals(metric.kind() == Metric.Kind.SECONDS, name.endsWith("_seconds"), name);
      // the client makes these itself, of histograms
      assertFalse(name.matches(".*_(count|sum|bucket|created)"), name);
      // base units alone, and none that a ratio or an info would have twice
      assertFalse(
          name.matches(".*(milli|micro|nano|minute|hour|kilo|mega|percent|_ms|_kb|_mb).*"), name);
      assertFalse(metric.help().endsWith("."), name);
    }
    assertEquals(
        Metric.values().length,
        Arrays.stream(Metric.values()).map(Metric::fullName).distinct().count());
  }

  @Test
  void everyLabelIsExplainedAndNoneNamesAJob() {
    for (Metric metric : Metric.values()) {
      for (String label : metric.labels()) {
        assertTrue(MetricLabel.of(label).isPresent(), () -> metric + ": explain " + label);
        assertFalse(label.matches("job.*|key|offset|partition|tenant|user"), metric::fullName);
        // a name of its own for each checkpoint is a label of the one metric that tells it
        assertTrue(!label.equals("id") || metric.fullName().endsWith("_info"), metric::fullName);
      }
    }
  }

  @Test
  void thePageOfTheDocumentationIsFresh() throws IOException {
    Path fresh = Path.of("target", "metrics.md");
    Files.createDirectories(fresh.getParent());
    Files.writeString(fresh, MetricsPage.markdown());
    assertEquals(
        MetricsPage.markdown(),
        Files.readString(Path.of("..", "docs", "metrics.md")),
        "docs/metrics.md is stale: copy worker/target/metrics.md over it, or run"
            + " ./sedd metrics-docs > docs/metrics.md");
  }

  @Test
  void aPageOfSomeNamesHasThoseAlone() {
    WorkerMetrics metrics = new WorkerMetrics();
    metrics.count(Metric.DENOISE_STEPS, "1");
    String page = metrics.page(Set.of("sedd_denoise_steps_total"));
    assertTrue(page.contains("sedd_denoise_steps_total{device=\"1\",} 1.0"), page);
    assertFalse(page.contains("jvm_"), page);
  }
}
