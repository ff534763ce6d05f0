package io.sedd.worker.http;

import io.sedd.worker.metrics.WorkerMetrics;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;

/**
 * {@code /health/live}, {@code /health/ready}, {@code /health/started}: 200 or 503 with the reasons
 * as JSON; {@code /metrics}: Prometheus text; {@code /}: what there is.
 */
public final class HttpEndpoints extends VerticleBase {

  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final String host;
  private final int port;
  private final String worker;
  private final WorkerHealth health;
  private final WorkerMetrics metrics;
  private HttpServer server;

  /**
   * Endpoints that listen when deployed.
   *
   * @param port 0 for any free one
   */
  public HttpEndpoints(
      String host, int port, String worker, WorkerHealth health, WorkerMetrics metrics) {
    this.host = host;
    this.port = port;
    this.worker = worker;
    this.health = health;
    this.metrics = metrics;
  }

  /** The port that it listens on. */
  public int actualPort() {
    return server.actualPort();
  }

  @Override
  public Future<?> start() {
    server = vertx.createHttpServer().requestHandler(this::answer);
    return server.listen(port, host);
  }

  private void answer(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      request.response().putHeader("Allow", "GET, HEAD").setStatusCode(405).end();
      return;
    }
    switch (request.path()) {
      case "/" -> json(request, 200, index());
      case "/metrics" ->
          request
              .response()
              .putHeader("Content-Type", METRICS_TYPE)
              .end(metrics.page(new HashSet<>(request.params().getAll("name[]"))));
      case "/health/live" -> report(request, health.live());
      case "/health/started" -> report(request, new HealthReport(List.of(health.started())));
      case "/health/ready" ->
          health
              .ready()
              .onSuccess(report -> report(request, report))
              .onFailure(
                  e ->
                      json(
                          request,
                          503,
                          new JsonObject().put("status", "DOWN").put("detail", e.toString())));
      default -> json(request, 404, new JsonObject().put("error", "there is no " + request.path()));
    }
  }

  private JsonObject index() {
    return new JsonObject()
        .put("worker", worker)
        .put(
            "endpoints",
            JsonArray.of("/health/live", "/health/ready", "/health/started", "/metrics"));
  }

  private static void report(HttpServerRequest request, HealthReport report) {
    json(request, report.up() ? 200 : 503, report.toJson());
  }

  private static void json(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(body.encode() + "\n");
  }
}
