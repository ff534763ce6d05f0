package io.sedd.worker.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.JobCodec;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DocsRoutesTest {

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private BoundedServer server;

  @BeforeEach
  void serve() throws Exception {
    Routes routes = new Routes();
    DocsRoutes.addTo(routes);
    server = new BoundedServer(vertx, new HttpServerOptions(), HttpLimits.USUAL, routes);
    await(server.listen("127.0.0.1", 0));
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    await(vertx.close());
  }

  private static void await(Future<?> future) throws Exception {
    var _ = future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.actualPort()).resolve(path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String built(String name) throws Exception {
    try (InputStream in = JobCodec.class.getResourceAsStream("/" + name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @Test
  void everySchemaThatTheDocumentNamesLiesBesideItAndIsLinked() throws Exception {
    HttpResponse<String> api = get("/docs/asyncapi.yaml");
    assertEquals(200, api.statusCode());
    assertEquals("application/yaml", api.headers().firstValue("Content-Type").orElseThrow());
    assertEquals(built("asyncapi.yaml"), api.body());
    String index = get("/docs").body();
    List<String> named =
        Pattern.compile("schemas/[a-z-]+\\.schema\\.json")
            .matcher(api.body())
            .results()
            .map(MatchResult::group)
            .distinct()
            .toList();
    assertEquals(4, named.size(), named::toString);
    for (String schema : named) {
      assertEquals(built(schema), get("/docs/" + schema).body(), schema);
      assertTrue(index.contains("href=\"/docs/" + schema + "\""), schema);
    }
    // the results' schema leads there
    assertEquals(
        built("schemas/job-error.schema.json"), get("/docs/schemas/job-error.schema.json").body());
  }

  @Test
  void thePageMayLoadAndRunNothing() throws Exception {
    HttpResponse<String> page = get("/docs");
    assertEquals(
        "text/html; charset=utf-8", page.headers().firstValue("Content-Type").orElseThrow());
    assertTrue(
        page.headers()
            .firstValue("Content-Security-Policy")
            .orElseThrow()
            .startsWith("default-src 'none'"));
    assertTrue(page.body().startsWith("<!doctype html>"), page.body());
  }
}
