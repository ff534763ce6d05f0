package io.sedd.worker.metrics;

import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** {@code docs/metrics.md}, made from {@link Metric}, so that it cannot say anything else. */
public final class MetricsPage {

  private MetricsPage() {}

  /** The page in Markdown. */
  public static String markdown() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Metrics of a worker

        At `GET /metrics`, in Prometheus' text format; `?name[]=` picks samples. Made by \
        `./sedd metrics-docs > docs/metrics.md`; a test keeps this page and the code together.

        | metric | kind | labels | meaning |
        |---|---|---|---|
        """);
    for (Metric metric : Metric.values()) {
      page.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  metric.fullName(),
                  kind(metric.kind()),
                  metric.labels().stream()
                      .map(label -> "`" + label + "`")
                      .collect(Collectors.joining(", ")),
                  metric.help()));
    }
    page.append(
        """

        A histogram in seconds has the buckets %s and +Inf. Every series is there from the \
        start, at 0, but for those that name a build or a checkpoint.

        ## Labels

        | label | meaning |
        |---|---|
        """
            .formatted(
                DoubleStream.of(WorkerMetrics.SECONDS)
                    .mapToObj(bound -> String.valueOf(bound).replaceFirst("\\.0$", ""))
                    .collect(Collectors.joining(", "))));
    for (MetricLabel label : MetricLabel.values()) {
      page.append("| `%s` | %s |\n".formatted(label.label(), label.meaning()));
    }
    page.append(
        """

        ## The process

        Beside these stand the usual metrics of Prometheus' Java client: `process_*` (CPU seconds, start time, open \
        files, resident memory), `jvm_memory_*`, `jvm_buffer_pool_*`, `jvm_gc_collection_seconds`, `jvm_threads_*`, \
        `jvm_classes_*` and `jvm_info`.
        """);
    return page.toString();
  }

  private static String kind(Metric.Kind kind) {
    return switch (kind) {
      case COUNTER -> "counter";
      case GAUGE -> "gauge";
      case SECONDS -> "histogram, seconds";
    };
  }
}
