package io.sedd.trainer.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.exporter.common.TextFormat;
import io.prometheus.client.hotspot.DefaultExports;
import io.sedd.trainer.evaluation.BoundEstimate;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;

/**
 * Shows a run to Prometheus: {@code GET /metrics} on a port of its own. The server's one thread is
 * owned by this and ended by {@link #close}; it only reads counters, which the training thread
 * writes.
 */
public final class PrometheusEndpoint implements TrainingObserver {

  private final CollectorRegistry registry = new CollectorRegistry();
  private final Map<TrainingMetric, Gauge> gauges = new EnumMap<>(TrainingMetric.class);
  private final Map<TrainingMetric, Counter> counters = new EnumMap<>(TrainingMetric.class);
  private final InstantSource clock;
  private final HttpServer server;

  /**
   * Begins to listen on all addresses.
   *
   * @param port 0 for any that is free
   * @throws UncheckedIOException if the port is taken
   */
  public PrometheusEndpoint(int port, InstantSource clock) {
    this.clock = clock;
    for (TrainingMetric metric : TrainingMetric.values()) {
      switch (metric.kind()) {
        case GAUGE ->
            gauges.put(metric, Gauge.build(metric.metricName(), metric.help()).register(registry));
        case COUNTER ->
            counters.put(
                metric, Counter.build(metric.metricName(), metric.help()).register(registry));
      }
    }
    DefaultExports.register(registry);
    try {
      server = HttpServer.create(new InetSocketAddress(port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "--metrics-port " + port + " cannot be opened (" + e.getMessage() + "); give another", e);
    }
    server.createContext(
        "/metrics",
        exchange -> {
          try (exchange) {
            StringWriter text = new StringWriter();
            TextFormat.write004(text, registry.metricFamilySamples());
            byte[] body = text.toString().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", TextFormat.CONTENT_TYPE_004);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void set(TrainingMetric metric, double value) {
    gauges.get(metric).set(value);
  }

  @Override
  public void started(int step) {
    set(TrainingMetric.STEP, step);
  }

  @Override
  public void stepTaken(StepReport report) {
    set(TrainingMetric.STEP, report.step());
    set(TrainingMetric.LOSS, report.natsPerToken());
    set(TrainingMetric.GRADIENT_NORM, report.gradientNorm());
    set(TrainingMetric.LEARNING_RATE, report.learningRate());
    set(TrainingMetric.STEP_TIME, clock.millis() / 1e3);
    counters.get(TrainingMetric.TOKENS).inc(report.tokens());
  }

  @Override
  public void evaluated(int step, BoundEstimate heldOut) {
    set(TrainingMetric.HELD_OUT, heldOut.bound());
  }

  @Override
  public void published(int step, String name) {
    counters.get(TrainingMetric.CHECKPOINTS).inc();
    set(TrainingMetric.CHECKPOINT_STEP, step);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
