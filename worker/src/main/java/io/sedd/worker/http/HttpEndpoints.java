package io.sedd.worker.http;

import io.sedd.worker.metrics.WorkerMetrics;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /health/live}, {@code /health/ready}, {@code /health/started}: 200 or 503 with the reasons
 * as JSON; {@code /metrics}: Prometheus text; {@code /docs}: the messages; {@code /}: the live page
 * for browsers, and what there is for others. Nothing here changes anything, but that the page may
 * send jobs where it is told to: commands are on a listener of their own ({@link AdminEndpoints}),
 * so that probes and scrapes can come from outside while commands cannot.
 */
public final class HttpEndpoints extends VerticleBase {

  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final String host;
  private final int port;
  private final HttpLimits limits;
  private final String worker;
  private final WorkerHealth health;
  private final WorkerMetrics metrics;
  private final String admin;
  private final Optional<PageEndpoints> page;
  private final Routes routes;
  private BoundedServer server;

  /**
   * Endpoints that listen when deployed.
   *
   * @param port 0 for any free one
   * @param admin where commands are taken or why they are not, for those who ask here
   * @param page the live page, where there is one
   */
  public HttpEndpoints(
      String host,
      int port,
      HttpLimits limits,
      String worker,
      WorkerHealth health,
      WorkerMetrics metrics,
      String admin,
      Optional<PageEndpoints> page) {
    this.host = host;
    this.port = port;
    this.limits = page.isPresent() ? limits.withBodyBytes(PageEndpoints.JOB_BYTES) : limits;
    this.worker = worker;
    this.health = health;
    this.metrics = metrics;
    this.admin = admin;
    this.page = page;
    this.routes =
        new Routes()
            .get("/", (request, _) -> Future.succeededFuture(root(request)))
            .get("/metrics", (request, _) -> Future.succeededFuture(page(request)))
            .get("/health/live", Endpoint.immediate(() -> report(health.live())))
            .get("/health/ready", (_, _) -> health.ready().map(HttpEndpoints::report))
            .get("/health/started", Endpoint.immediate(this::started));
    page.ifPresent(live -> live.addTo(routes));
    DocsRoutes.addTo(routes);
  }

  /** The port that it listens on. */
  public int actualPort() {
    return server.actualPort();
  }

  @Override
  public Future<?> start() {
    page.ifPresent(live -> live.start(vertx));
    Endpoint all =
        (request, body) ->
            request.path() != null && request.path().startsWith(AdminEndpoints.ROOT)
                ? Future.succeededFuture(HttpAnswer.error(403, admin))
                : routes.answer(request, body);
    server = new BoundedServer(vertx, new HttpServerOptions(), limits, all);
    return server.listen(host, port);
  }

  private HttpAnswer page(HttpServerRequest request) {
    return new HttpAnswer(
        200,
        METRICS_TYPE,
        metrics.page(new HashSet<>(request.params().getAll("name[]"))),
        Map.of());
  }

  private HttpAnswer started() {
    return report(new HealthReport(List.of(health.started())));
  }

  private HttpAnswer root(HttpServerRequest request) {
    String accepts = request.getHeader("Accept");
    boolean browser = accepts != null && accepts.contains("text/html");
    return page.filter(_ -> browser).map(PageEndpoints::index).orElseGet(this::index);
  }

  private HttpAnswer index() {
    return HttpAnswer.json(
        200,
        new JsonObject()
            .put("worker", worker)
            .put("endpoints", new JsonArray(routes.paths()))
            .put("admin", admin));
  }

  private static HttpAnswer report(HealthReport report) {
    return HttpAnswer.json(report.up() ? 200 : 503, report.toJson());
  }
}
