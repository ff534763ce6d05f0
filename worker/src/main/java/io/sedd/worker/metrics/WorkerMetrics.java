package io.sedd.worker.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.prometheus.client.exporter.common.TextFormat;
import io.prometheus.client.hotspot.DefaultExports;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The numbers behind the metrics page, in a registry of this worker's own. Thread-safe. Label
 * values come in the order of {@link Metric#labels}.
 */
public final class WorkerMetrics {

  /** From a no-op step to a job of many minutes. */
  static final double[] SECONDS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800
  };

  private final CollectorRegistry registry = new CollectorRegistry();
  private final Map<Metric, Collector> collectors = new EnumMap<>(Metric.class);

  /** Of a worker of one device, the first of its kind. */
  public WorkerMetrics() {
    this(List.of("0"));
  }

  /**
   * All metrics at 0, and those of the JVM.
   *
   * @param devices of the worker, as the label has them
   */
  public WorkerMetrics(List<String> devices) {
    for (Metric metric : Metric.values()) {
      collectors.put(metric, collector(metric));
      FirstSeries.of(metric, devices)
          .forEach(values -> begin(metric, values.toArray(String[]::new)));
    }
    DefaultExports.register(registry);
    set(Metric.BUILD_INFO, 1, BuildVersion.TEXT, Runtime.version().toString());
  }

  private Collector collector(Metric metric) {
    String[] labels = metric.labels().toArray(String[]::new);
    return switch (metric.kind()) {
      case COUNTER ->
          Counter.build(metric.fullName(), metric.help()).labelNames(labels).register(registry);
      case GAUGE ->
          Gauge.build(metric.fullName(), metric.help()).labelNames(labels).register(registry);
      case SECONDS ->
          Histogram.build(metric.fullName(), metric.help())
              .labelNames(labels)
              .buckets(SECONDS)
              .register(registry);
    };
  }

  /** Shows a series before anything has happened: a rise from 0 can be seen, a first 1 cannot. */
  private void begin(Metric metric, String... values) {
    switch (collectors.get(metric)) {
      case Counter counter -> counter.labels(values);
      case Gauge gauge -> gauge.labels(values);
      case Histogram histogram -> histogram.labels(values);
      case Collector other -> throw new IllegalStateException("no kind of ours: " + other);
    }
  }

  /** Adds 1 to a counter. */
  public void count(Metric metric, String... labels) {
    add(metric, 1, labels);
  }

  /** Adds to a counter. */
  public void add(Metric metric, double amount, String... labels) {
    ((Counter) collectors.get(metric)).labels(labels).inc(amount);
  }

  /** Sets a gauge. */
  public void set(Metric metric, double value, String... labels) {
    ((Gauge) collectors.get(metric)).labels(labels).set(value);
  }

  /** Takes all values of a gauge away, as before naming the one checkpoint that is served. */
  public void clear(Metric metric) {
    ((Gauge) collectors.get(metric)).clear();
  }

  /** Notes a time that was measured with {@link System#nanoTime}. */
  public void observeNanos(Metric metric, long nanos, String... labels) {
    ((Histogram) collectors.get(metric)).labels(labels).observe(nanos / 1e9);
  }

  /** Notes a time in milliseconds. */
  public void observeMillis(Metric metric, long millis, String... labels) {
    ((Histogram) collectors.get(metric)).labels(labels).observe(millis / 1e3);
  }

  /** The present value of a counter or gauge; 0 if these labels were never seen. */
  public double value(Metric metric, String... labels) {
    if (labels.length == 0) {
      // the registry would collect every metric, those of the JVM too, to find this one
      switch (collectors.get(metric)) {
        case Gauge gauge when metric.labels().isEmpty() -> {
          return gauge.get();
        }
        case Counter counter when metric.labels().isEmpty() -> {
          return counter.get();
        }
        default -> {}
      }
    }
    Double value =
        registry.getSampleValue(metric.fullName(), metric.labels().toArray(String[]::new), labels);
    return value == null ? 0 : value;
  }

  /** The sum of a counter or gauge over all its labels, as over the devices. */
  public double sum(Metric metric) {
    return collectors.get(metric).collect().stream()
        .flatMap(family -> family.samples.stream())
        .filter(sample -> sample.name.equals(metric.fullName()))
        .mapToDouble(sample -> sample.value)
        .sum();
  }

  /**
   * The metrics page in Prometheus text format 0.0.4.
   *
   * @param names only these samples; empty for all
   */
  public String page(Set<String> names) {
    StringWriter writer = new StringWriter();
    try {
      TextFormat.write004(writer, registry.filteredMetricFamilySamples(names));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return writer.toString();
  }
}
