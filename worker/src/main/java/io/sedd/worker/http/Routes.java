package io.sedd.worker.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which path answers what; each has one method. */
final class Routes implements Endpoint {

  private record Route(HttpMethod method, Endpoint endpoint) {

    boolean takes(HttpMethod asked) {
      return asked.equals(method)
          || (asked.equals(HttpMethod.HEAD) && method.equals(HttpMethod.GET));
    }

    String allowed() {
      return method.equals(HttpMethod.GET) ? "GET, HEAD" : method.name();
    }
  }

  private final Map<String, Route> routes = new LinkedHashMap<>();

  Routes get(String path, Endpoint endpoint) {
    routes.put(path, new Route(HttpMethod.GET, endpoint));
    return this;
  }

  Routes post(String path, Endpoint endpoint) {
    routes.put(path, new Route(HttpMethod.POST, endpoint));
    return this;
  }

  /** All paths, in the order of their coming. */
  List<String> paths() {
    return List.copyOf(routes.keySet());
  }

  @Override
  public Future<HttpAnswer> answer(HttpServerRequest request, Buffer body) {
    Route route = routes.get(request.path());
    if (route == null) {
      return Future.succeededFuture(HttpAnswer.error(404, "there is no " + request.path()));
    }
    if (!route.takes(request.method())) {
      return Future.succeededFuture(
          HttpAnswer.error(405, request.path() + " takes " + route.allowed())
              .with("Allow", route.allowed()));
    }
    return route.endpoint().answer(request, body);
  }
}
