package io.sedd.worker.top;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks workers for their state, all at the same time, so that one that hangs holds up no other. */
final class StateClient implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(3);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(LIMIT).build();

  /** The answers, in the order of the addresses. */
  List<WorkerState> ask(List<URI> addresses) {
    List<CompletableFuture<WorkerState>> coming = addresses.stream().map(this::ask).toList();
    return coming.stream().map(CompletableFuture::join).toList();
  }

  private CompletableFuture<WorkerState> ask(URI address) {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve("/page/state")).timeout(LIMIT).build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(answer -> read(address, answer))
        .exceptionally(fault -> new WorkerState.Silent(address, why(fault)));
  }

  private static WorkerState read(URI address, HttpResponse<String> answer) {
    return switch (answer.statusCode()) {
      case 200 -> json(address, answer.body());
      case 404 -> new WorkerState.Silent(address, "its page is off (page.enabled)");
      default ->
          new WorkerState.Silent(
              address, "HTTP " + answer.statusCode() + ": " + answer.body().strip());
    };
  }

  private static WorkerState json(URI address, String body) {
    try {
      JsonObject json = new JsonObject(body);
      return json.containsKey("about")
          ? new WorkerState.Answered(address, json)
          : new WorkerState.Silent(address, "it is no worker: its answer has no 'about'");
    } catch (DecodeException _) {
      return new WorkerState.Silent(address, "it is no worker: its answer is no JSON");
    }
  }

  private static String why(Throwable fault) {
    Throwable cause = fault.getCause() == null ? fault : fault.getCause();
    return switch (cause) {
      case java.net.http.HttpTimeoutException _ -> "no answer within " + LIMIT.toSeconds() + " s";
      case IOException e when e.getMessage() == null -> "does not answer";
      default -> String.valueOf(cause.getMessage());
    };
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
