package io.sedd.worker.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/**
 * Answers a request that has come as a whole. Called on the event loop; must not block it. One that
 * streams writes to the response itself, and its answer comes when the response has ended.
 */
@FunctionalInterface
interface Endpoint {

  Future<HttpAnswer> answer(HttpServerRequest request, Buffer body);

  /** One whose answer is known at once. */
  static Endpoint immediate(java.util.function.Supplier<HttpAnswer> answer) {
    return (_, _) -> Future.succeededFuture(answer.get());
  }
}
