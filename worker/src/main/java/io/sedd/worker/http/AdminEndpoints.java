package io.sedd.worker.http;

import io.sedd.worker.reload.CheckpointControl;
import io.sedd.worker.reload.CheckpointControl.Answer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * Commands, for who knows the token. JSON in and out; a command that is given twice changes nothing
 * the second time and says so ({@code "changed": false}).
 *
 * <p>A checkpoint may take minutes to load. Such a command answers 202 after {@link #PATIENCE} and
 * goes on; {@code /admin/status} tells how it ended.
 */
public final class AdminEndpoints extends VerticleBase {

  static final String ROOT = "/admin/";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final HttpAnswer STILL_LOADING =
      HttpAnswer.json(
          202, new JsonObject().put("state", "the checkpoint is being loaded; see /admin/status"));

  private final String host;
  private final int port;
  private final HttpServerOptions transport;
  private final HttpLimits limits;
  private final AdminToken token;
  private final WorkerControl worker;
  private final Routes routes;
  private BoundedServer server;

  /**
   * Endpoints that listen when deployed.
   *
   * @param port 0 for any free one
   * @param transport options with TLS, or without
   */
  public AdminEndpoints(
      String host,
      int port,
      HttpServerOptions transport,
      HttpLimits limits,
      AdminToken token,
      WorkerControl worker) {
    this.host = host;
    this.port = port;
    this.transport = transport;
    this.limits = limits;
    this.token = token;
    this.worker = worker;
    CheckpointControl checkpoints = worker.checkpoints();
    this.routes =
        new Routes()
            .get("/admin/status", Endpoint.immediate(() -> HttpAnswer.json(200, worker.state())))
            .post("/admin/drain", command(202, worker::drain))
            .post("/admin/pause", command(200, worker::pause))
            .post("/admin/resume", command(200, worker::resume))
            .post("/admin/reload", (_, _) -> checkpoint(checkpoints.reload()))
            .post("/admin/pin", this::pin)
            .post("/admin/unpin", (_, _) -> checkpoint(checkpoints.unpin()))
            .post("/admin/rollback", (_, _) -> checkpoint(checkpoints.rollback()));
  }

  /** The port that it listens on. */
  public int actualPort() {
    return server.actualPort();
  }

  @Override
  public Future<?> start() {
    server = new BoundedServer(vertx, transport, limits, this::guarded);
    return server.listen(host, port);
  }

  private Future<HttpAnswer> guarded(HttpServerRequest request, Buffer body) {
    return token.admits(request.getHeader("Authorization"))
        ? routes.answer(request, body)
        : Future.succeededFuture(
            HttpAnswer.error(401, "send the worker's admin token as Authorization: Bearer TOKEN")
                .with("WWW-Authenticate", "Bearer realm=\"sedd worker\""));
  }

  private Endpoint command(int status, BooleanSupplier command) {
    return Endpoint.immediate(
        () -> {
          boolean changed = command.getAsBoolean();
          return HttpAnswer.json(
              status, new JsonObject().put("state", worker.phase()).put("changed", changed));
        });
  }

  private Future<HttpAnswer> pin(HttpServerRequest request, Buffer body) {
    return name(body)
        .map(name -> checkpoint(worker.checkpoints().pin(name)))
        .orElseGet(
            () ->
                Future.succeededFuture(
                    HttpAnswer.error(
                        400, "the body must be {\"checkpoint\": \"name of its folder\"}")));
  }

  private static Optional<String> name(Buffer body) {
    try {
      JsonObject json = body.toJsonObject();
      return json.fieldNames().equals(Set.of("checkpoint"))
              && json.getValue("checkpoint") instanceof String name
              && !name.isBlank()
          ? Optional.of(name)
          : Optional.empty();
    } catch (DecodeException | ClassCastException _) {
      return Optional.empty();
    }
  }

  private Future<HttpAnswer> checkpoint(CompletableFuture<Answer> coming) {
    Promise<HttpAnswer> first = Promise.promise();
    long timer = vertx.setTimer(PATIENCE.toMillis(), _ -> first.tryComplete(STILL_LOADING));
    Future.fromCompletionStage(coming, context)
        .map(AdminEndpoints::answer)
        .onSuccess(first::tryComplete)
        .onFailure(first::tryFail)
        .onComplete(_ -> vertx.cancelTimer(timer));
    return first.future();
  }

  private static HttpAnswer answer(Answer answer) {
    return switch (answer) {
      case Answer.Serves(String checkpoint, boolean changed) ->
          HttpAnswer.json(200, new JsonObject().put("serving", checkpoint).put("changed", changed));
      case Answer.Refused(String why) -> HttpAnswer.error(409, why);
    };
  }
}
