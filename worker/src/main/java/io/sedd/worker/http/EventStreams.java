package io.sedd.worker.http;

import io.sedd.worker.page.LiveState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/**
 * Those who look, as server-sent events: {@code whole} at first, then {@code change}. Owned by the
 * event loop.
 *
 * <p>A client that does not keep up costs one bounded buffer: while it is full the client gets
 * nothing, and when it is empty again a new {@code whole}; one that stays behind is cut off. A
 * client that comes back after a cut gets a {@code whole} too, so it needs no memory of its own.
 */
final class EventStreams {

  /**
   * What clients may take up.
   *
   * @param clients at one time; others are refused
   * @param bufferBytes that wait for one client
   * @param patience how long a client may be behind before it is cut off
   * @param interval between two looks at the worker, while there are clients
   * @param quiet something is sent at least so often
   */
  record Limits(
      int clients, int bufferBytes, Duration patience, Duration interval, Duration quiet) {

    static final Limits USUAL =
        new Limits(
            16, 1 << 18, Duration.ofSeconds(10), Duration.ofMillis(125), Duration.ofSeconds(2));
  }

  private static final long UP_TO_DATE = -1;

  private final Vertx vertx;
  private final LiveState state;
  private final Limits limits;

  /** The streams, each with the moment since which it is behind. */
  private final Map<HttpServerResponse, Long> clients = new HashMap<>();

  private long timer;
  private long lastSent;

  EventStreams(Vertx vertx, LiveState state, Limits limits) {
    this.vertx = vertx;
    this.state = state;
    this.limits = limits;
  }

  /** Answers with a stream, which lasts as long as the future that is given back. */
  Future<HttpAnswer> open(HttpServerRequest request) {
    if (clients.size() >= limits.clients()) {
      return Future.succeededFuture(
          HttpAnswer.error(
              503, limits.clients() + " pages look at this worker already; close one of them"));
    }
    Promise<HttpAnswer> end = Promise.promise();
    HttpServerResponse response = request.response();
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        // nginx would wait for more
        .putHeader("X-Accel-Buffering", "no")
        .setWriteQueueMaxSize(limits.bufferBytes());
    response.exceptionHandler(_ -> {});
    response.closeHandler(
        _ -> {
          gone(response);
          end.tryComplete(HttpAnswer.NONE);
        });
    if (clients.isEmpty()) {
      // those who looked before have gone: nobody is told of what has changed since
      var _ = state.change();
      timer = vertx.setPeriodic(limits.interval().toMillis(), _ -> look());
    }
    clients.put(response, UP_TO_DATE);
    write(response, "retry: 1000\n" + event("whole", state.whole()));
    return end.future();
  }

  /** The state without a stream; nobody who has one misses anything by it. */
  JsonObject summary() {
    if (clients.isEmpty()) {
      var _ = state.change();
    }
    return state.summary();
  }

  private void gone(HttpServerResponse response) {
    if (clients.remove(response) != null && clients.isEmpty()) {
      vertx.cancelTimer(timer);
    }
  }

  private void look() {
    JsonObject change = state.change();
    long now = System.nanoTime();
    if (change.size() == 1 && now - lastSent < limits.quiet().toNanos()) {
      return;
    }
    lastSent = now;
    String news = event("change", change);
    for (HttpServerResponse client : new ArrayList<>(clients.keySet())) {
      tell(client, news, now);
    }
  }

  private void tell(HttpServerResponse client, String news, long now) {
    long behindSince = clients.get(client);
    if (client.writeQueueFull()) {
      if (behindSince == UP_TO_DATE) {
        clients.put(client, now);
      } else if (now - behindSince > limits.patience().toNanos()) {
        gone(client);
        client.reset();
      }
    } else if (behindSince != UP_TO_DATE) {
      clients.put(client, UP_TO_DATE);
      write(client, event("whole", state.whole()));
    } else {
      write(client, news);
    }
  }

  private static String event(String name, JsonObject data) {
    return "event: " + name + "\ndata: " + data.encode() + "\n\n";
  }

  private static void write(HttpServerResponse response, String text) {
    // one that has gone is told of by its close handler
    var _ = response.write(text);
  }
}
