package io.sedd.worker.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
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
  void namesKeepToTheConventions() {
    for (Metric metric : Metric.values()) {
      assertTrue(metric.fullName().matches("sedd_[a-z_]+"), metric::fullName);
      assertEquals(
          metric.kind() == Metric.Kind.COUNTER,
          metric.fullName().endsWith("_total"),
          metric::fullName);
      assertEquals(
          metric.kind() == Metric.Kind.SECONDS,
          metric.fullName().endsWith("_seconds"),
          metric::fullName);
      assertFalse(metric.labels().contains("job"), metric::fullName);
    }
    assertEquals(
        Metric.values().length,
        Arrays.stream(Metric.values()).map(Metric::fullName).distinct().count());
  }

  @Test
  void aPageOfSomeNamesHasThoseAlone() {
    WorkerMetrics metrics = new WorkerMetrics();
    metrics.count(Metric.DENOISE_STEPS);
    String page = metrics.page(Set.of("sedd_denoise_steps_total"));
    assertTrue(page.contains("sedd_denoise_steps_total 1.0"), page);
    assertFalse(page.contains("jvm_"), page);
  }
}
