package io.sedd.worker.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/**
 * What a client is told.
 *
 * @param status of HTTP
 * @param type of the body
 * @param body as text
 * @param headers beside those of the body
 */
record HttpAnswer(int status, String type, String body, Map<String, String> headers) {

  /** Of a stream that has ended: there is nothing more to say. */
  static final HttpAnswer NONE = new HttpAnswer(200, "text/event-stream", "", Map.of());

  static HttpAnswer json(int status, JsonObject body) {
    return new HttpAnswer(status, "application/json", body.encode() + "\n", Map.of());
  }

  /** A refusal: what is wrong and what to do. */
  static HttpAnswer error(int status, String message) {
    return json(status, new JsonObject().put("error", message));
  }

  HttpAnswer with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new HttpAnswer(status, type, body, more);
  }

  void to(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    headers.forEach(response::putHeader);
    var _ =
        response
            .setStatusCode(status)
            .putHeader("Content-Type", type)
            .putHeader("Cache-Control", "no-store")
            .putHeader("X-Content-Type-Options", "nosniff")
            .end(body);
  }
}
