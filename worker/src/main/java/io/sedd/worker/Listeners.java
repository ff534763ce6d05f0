package io.sedd.worker;

import io.sedd.worker.configuration.WorkerConfiguration;
import io.sedd.worker.http.AdminEndpoints;
import io.sedd.worker.http.AdminToken;
import io.sedd.worker.http.HttpEndpoints;
import io.sedd.worker.http.HttpLimits;
import io.sedd.worker.http.PageEndpoints;
import io.sedd.worker.http.WorkerControl;
import io.sedd.worker.http.WorkerHealth;
import io.sedd.worker.metrics.WorkerMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker listens on: health and metrics for everybody, and, where a token is configured,
 * commands on an address of their own.
 *
 * @param http where health and metrics are
 * @param admin where commands are taken, if they are
 */
record Listeners(URI http, Optional<URI> admin) {

  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  private static final String OFF =
      "the admin API is off: no token is configured; set admin.tokenFile, or SEDD_ADMIN_TOKEN in"
          + " the environment, and start the worker again";

  /**
   * Opens them on a Vert.x instance, whose end closes them.
   *
   * @throws IllegalArgumentException if the token cannot be used
   */
  static Future<Listeners> open(
      Vertx vertx,
      WorkerConfiguration configuration,
      String worker,
      WorkerHealth health,
      WorkerMetrics metrics,
      WorkerControl control,
      Optional<PageEndpoints> page) {
    return admin(vertx, configuration.admin(), control)
        .compose(
            admin -> {
              WorkerConfiguration.Http at = configuration.http();
              HttpEndpoints endpoints =
                  new HttpEndpoints(
                      at.host(),
                      at.port(),
                      HttpLimits.USUAL,
                      worker,
                      health,
                      metrics,
                      admin.map(uri -> "commands are taken at " + uri + " alone").orElse(OFF),
                      page);
              return vertx
                  .deployVerticle(endpoints)
                  .map(
                      _ ->
                          new Listeners(uri("http", at.host(), endpoints.actualPort(), ""), admin));
            });
  }

  private static Future<Optional<URI>> admin(
      Vertx vertx, WorkerConfiguration.Admin at, WorkerControl control) {
    Optional<AdminToken> token =
        at.token()
            .map(text -> AdminToken.of(text, "admin.token"))
            .or(() -> at.tokenFile().map(AdminToken::in));
    if (token.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    boolean encrypted = at.certificate().isPresent();
    if (!encrypted && !isLoopback(at.host())) {
      log.warn(
          "the admin API listens on {} without TLS: whoever sees its traffic has the token; set"
              + " admin.certificate and admin.key, or admin.host=127.0.0.1",
          at.host());
    }
    AdminEndpoints endpoints =
        new AdminEndpoints(
            at.host(), at.port(), transport(at), HttpLimits.USUAL, token.get(), control);
    return vertx
        .deployVerticle(endpoints)
        .map(
            _ ->
                Optional.of(
                    uri(
                        encrypted ? "https" : "http",
                        at.host(),
                        endpoints.actualPort(),
                        "/admin/")));
  }

  private static HttpServerOptions transport(WorkerConfiguration.Admin at) {
    HttpServerOptions options = new HttpServerOptions();
    at.certificate()
        .ifPresent(
            certificate ->
                options
                    .setSsl(true)
                    .setKeyCertOptions(
                        new PemKeyCertOptions()
                            .setCertPath(certificate.toString())
                            .setKeyPath(at.key().orElseThrow().toString())));
    return options;
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false; // listening on it fails, and says so
    }
  }

  private static URI uri(String scheme, String host, int port, String path) {
    String literal = host.contains(":") ? "[" + host + "]" : host;
    return URI.create(scheme + "://" + literal + ":" + port + path);
  }
}
