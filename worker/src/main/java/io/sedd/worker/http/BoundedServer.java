package io.sedd.worker.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP/1.1 server that no client can hold up: requests are bounded in size and in time, and the
 * endpoint sees whole ones only. Owned by the event loop of the verticle that makes it.
 *
 * <p>Vert.x's own idle limit starts again with every byte, so a client that sends one byte a second
 * would pass it; here one timer runs for the whole request.
 */
final class BoundedServer {

  private static final Logger log = LoggerFactory.getLogger(BoundedServer.class);

  private final Vertx vertx;
  private final HttpLimits limits;
  private final Endpoint endpoint;
  private final HttpServer server;

  private static final long NO_TIMER = -1;

  /** The open connections, each with the timer that will close it. */
  private final Map<HttpConnection, Long> connections = new HashMap<>();

  BoundedServer(Vertx vertx, HttpServerOptions options, HttpLimits limits, Endpoint endpoint) {
    this.vertx = vertx;
    this.limits = limits;
    this.endpoint = endpoint;
    options
        .setHttp2ClearTextEnabled(false)
        .setMaxInitialLineLength(limits.headBytes())
        .setMaxHeaderSize(limits.headBytes());
    this.server =
        vertx.createHttpServer(options).connectionHandler(this::opened).requestHandler(this::take);
  }

  Future<HttpServer> listen(String host, int port) {
    return server.listen(port, host);
  }

  int actualPort() {
    return server.actualPort();
  }

  private void opened(HttpConnection connection) {
    if (connections.size() >= limits.connections()) {
      var _ = connection.close();
      return;
    }
    connections.put(connection, NO_TIMER);
    arm(connection);
    connection.closeHandler(
        _ -> {
          disarm(connection);
          connections.remove(connection);
        });
  }

  private void take(HttpServerRequest request) {
    Buffer body = Buffer.buffer();
    request.handler(
        chunk -> {
          if (body.length() + chunk.length() <= limits.bodyBytes()) {
            body.appendBuffer(chunk);
          } else {
            refuse(request);
          }
        });
    request.endHandler(_ -> whole(request, body));
    // a client that went away needs no answer
    request.exceptionHandler(_ -> {});
  }

  private void refuse(HttpServerRequest request) {
    request.handler(null);
    request.endHandler(null);
    request.response().endHandler(_ -> request.connection().close());
    HttpAnswer.error(413, "a body may have " + limits.bodyBytes() + " bytes")
        .with("Connection", "close")
        .to(request);
  }

  private void whole(HttpServerRequest request, Buffer body) {
    HttpConnection connection = request.connection();
    disarm(connection);
    request.response().endHandler(_ -> arm(connection));
    answer(request, body)
        .recover(
            fault -> {
              log.error("{} {} failed", request.method(), request.path(), fault);
              return Future.succeededFuture(HttpAnswer.error(500, "see the worker's log"));
            })
        .onSuccess(answer -> answer.to(request));
  }

  private Future<HttpAnswer> answer(HttpServerRequest request, Buffer body) {
    try {
      return endpoint.answer(request, body);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private void arm(HttpConnection connection) {
    disarm(connection);
    connections.computeIfPresent(
        connection,
        (_, _) -> vertx.setTimer(limits.requestTime().toMillis(), _ -> connection.close()));
  }

  private void disarm(HttpConnection connection) {
    Long timer = connections.replace(connection, NO_TIMER);
    if (timer != null && timer != NO_TIMER) {
      vertx.cancelTimer(timer);
    }
  }
}
